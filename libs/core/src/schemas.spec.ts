import fc from "fast-check";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { deep, type Payloads } from "../../../test/support/payloads";
import * as core from ".";

/** The payloads of every feature, found beside the features. */
const PAYLOADS = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".payloads.ts"))
  .flatMap((file) =>
    Object.values(jest.requireActual<Record<string, Payloads>>(join(__dirname, file))),
  )
  .flatMap((payloads) => Object.entries(payloads));

describe("the schemas of core", () => {
  const schemas = core as unknown as Record<
    string,
    { safeParse(value: unknown): { success: boolean } }
  >;

  it("each have payloads in one feature, save for those of results", () => {
    const schemas = Object.keys(core).filter((name) => name.endsWith("Schema"));
    expect(PAYLOADS.map(([name]) => name).sort()).toEqual(schemas.sort());
  });

  const inputs = PAYLOADS.flatMap(([name, payloads]) =>
    payloads === "result" ? [] : [[name, payloads] as const],
  );

  it.each(inputs)("%s tells good from bad, with a typed error", (name, { good, bad }) => {
    const schema = schemas[name]!;
    for (const value of good)
      expect([value, schema.safeParse(value).success]).toEqual([value, true]);
    for (const value of bad) {
      expect(() => core.validate(schema as never, value, "input")).toThrow(core.ValidationError);
    }
  });

  it("name where an argument is wrong", () => {
    const input = { name: "", config: { "bad key": 1 } };
    expect(() => core.validate(core.createTenantSchema, input, "input")).toThrow(
      expect.objectContaining({
        code: "VALIDATION_ERROR",
        statusCode: 400,
        details: {
          argument: "input",
          issues: [
            expect.objectContaining({ path: "name" }),
            expect.objectContaining({ path: "config.bad key" }),
          ],
        },
      }) as Error,
    );
  });

  it("let through only JSON that reads back equal", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
        (value) => {
          if (core.jsonProblem(value) !== null) return;
          expect(core.jsonEqual(JSON.parse(JSON.stringify(value)) as never, value as never)).toBe(
            true,
          );
        },
      ),
    );
  });

  it("stop at cycles and at hostile nesting", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(core.jsonProblem(cycle)).toContain("deep");
    expect(core.jsonProblem(deep(5000))).toContain("deep");
  });
});

describe("jsonEqual", () => {
  it("holds for copies with their keys in another order, and for nothing else", () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<core.JsonValue>;
    const reversed = (value: core.JsonValue): core.JsonValue =>
      typeof value !== "object" || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(Object.entries(value).reverse());
    fc.assert(
      fc.property(json, (value) => expect(core.jsonEqual(value, reversed(value))).toBe(true)),
    );
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = (value: core.JsonValue) =>
          JSON.stringify(value, (_, inner: unknown) =>
            typeof inner === "object" && inner !== null && !Array.isArray(inner)
              ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
              : inner,
          );
        expect(core.jsonEqual(a, b)).toBe(same(a) === same(b));
      }),
    );
  });
});

describe("the transitions of a tenant's status", () => {
  it.each([
    ["suspend", ["active"]],
    ["archive", ["active", "suspended"]],
    ["resume", ["suspended", "archived"]],
  ] as const)("%s starts from %s alone", (operation, from) => {
    const allowed = core.TENANT_STATUSES.filter((status) => core.canTransition(operation, status));
    expect(allowed).toEqual(from);
  });
});
