import fc from "fast-check";
import {
  effectiveScopes,
  expandScopes,
  missingScopes,
  SCOPE_BUNDLES,
  SCOPES,
  type ScopeBundle,
} from "..";
import { milliseconds } from "./duration";

const scopes = fc.uniqueArray(
  fc.constantFrom(...SCOPES, ...Object.keys(SCOPE_BUNDLES), "invoices:send"),
);

describe("scopes", () => {
  it("that are held cover themselves, and what their bundles contain", () => {
    fc.assert(
      fc.property(scopes, (held) => {
        expect(missingScopes(held, held)).toEqual([]);
        expect(missingScopes(held, expandScopes(held))).toEqual([]);
      }),
    );
  });

  it("granted in any number of steps never exceed those of the first who granted", () => {
    fc.assert(
      fc.property(scopes, fc.array(scopes), (first, grants) => {
        let holder: readonly string[] = first;
        for (const grant of grants) {
          if (missingScopes(holder, grant).length === 0) holder = grant;
        }
        if (!first.includes("platform:admin")) {
          const has = new Set(expandScopes(first));
          expect(expandScopes(holder).filter((scope) => !has.has(scope))).toEqual([]);
        }
      }),
    );
  });

  it.each(Object.keys(SCOPE_BUNDLES) as ScopeBundle[])(
    "of the bundle %s show nobody above, and are not the platform's",
    (bundle) => {
      expect(expandScopes([bundle])).not.toEqual(expect.arrayContaining(["ancestors:read"]));
      expect(expandScopes([bundle])).not.toContain("platform:admin");
    },
  );

  it("that make credentials are in admin alone", () => {
    expect(missingScopes(["write"], ["keys:write", "roles:write"])).toEqual([
      "keys:write",
      "roles:write",
    ]);
    expect(missingScopes(["admin"], ["keys:write", "roles:write", "write"])).toEqual([]);
  });

  it("of the platform cover every other, and are nothing to a tenant", () => {
    expect(missingScopes(["platform:admin"], ["admin", "invoices:send"])).toEqual([]);
    expect(effectiveScopes(["platform:admin", "config:read"], "t")).toEqual(["config:read"]);
    expect(effectiveScopes(["platform:admin"], null)).toEqual(["platform:admin"]);
  });

  it("are not covered by the parts of a bundle", () => {
    const parts = expandScopes(["read"]).filter((scope) => scope !== "read");
    expect(missingScopes(parts, ["read"])).toEqual(["read"]);
    expect(missingScopes(["read"], parts)).toEqual([]);
  });
});

describe("milliseconds", () => {
  it.each([
    ["250ms", 250],
    ["30s", 30_000],
    ["1 minute", 60_000],
    ["2 Hours", 7_200_000],
    ["1 day", 86_400_000],
    ["", null],
    ["1", null],
    ["1 fortnight", null],
    ["-1s", null],
    ["1 constructor", null],
  ])("reads %j as %j", (text, expected) => {
    expect(milliseconds(text)).toBe(expected);
  });
});
