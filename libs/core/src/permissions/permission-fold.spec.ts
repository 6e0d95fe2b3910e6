import fc from "fast-check";
import { explainFold, foldPermissions, type PermissionLevel } from "./permission-fold";
import { PERMISSION_MODES, REVOCATION_MODES } from "./permission.schemas";

const KEYS = ["a", "b", "__proto__", "constructor"];

const key = fc.constantFrom(...KEYS);
const policy = fc.record({
  policy_id: fc.uuid(),
  key,
  value: fc.oneof(fc.constant(true), fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<never>),
  mode: fc.constantFrom(...PERMISSION_MODES),
  revocation_mode: fc.constantFrom(...REVOCATION_MODES),
});
/** Chains with archived ancestors, and bans rare enough that most keys are granted. */
const levels: fc.Arbitrary<PermissionLevel[]> = fc
  .array(
    fc.record({
      archived: fc.boolean(),
      policies: fc.uniqueArray(policy, { selector: (each) => each.key }),
      bans: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.uniqueArray(key)),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) => list.map((level, n) => ({ ...level, tenant_id: `t${n}`, slug: `s${n}` })));

/**
 * The rule as a sentence: walk from the root, past archived ancestors; a ban on the way ends it with
 * nothing; a LOCKED policy stands from there on; else the nearest wins.
 */
function naive(list: readonly PermissionLevel[], key: string) {
  let found: { policy_id: string; value: unknown; source: string; mode: string } | undefined;
  for (const [index, level] of list.entries()) {
    if (level.archived && index < list.length - 1) continue;
    if (level.bans.includes(key)) return undefined;
    const own = level.policies.find((each) => each.key === key);
    if (own === undefined || found?.mode === "LOCKED") continue;
    found = { policy_id: own.policy_id, value: own.value, source: level.slug, mode: own.mode };
  }
  return found;
}

function at(name: string, level: Partial<PermissionLevel>): PermissionLevel {
  return { tenant_id: name, slug: name, archived: false, policies: [], bans: [], ...level };
}

function grant(key: string, mode: (typeof PERMISSION_MODES)[number] = "INHERITED") {
  return { policy_id: `p-${key}`, key, value: true, mode, revocation_mode: "CASCADE" } as const;
}

describe("foldPermissions", () => {
  it("resolves every key as the rule says", () => {
    fc.assert(
      fc.property(levels, (list) => {
        const folded = foldPermissions(list);
        for (const key of KEYS) {
          const expected = naive(list, key);
          expect(Object.hasOwn(folded, key)).toBe(expected !== undefined);
          if (expected === undefined) continue;
          expect(folded[key]).toEqual({
            ...expected,
            key,
            source_tenant_id: expected.source.replace("s", "t"),
            locked: expected.mode === "LOCKED",
            delegated: expected.mode === "DELEGATED",
          });
        }
      }),
    );
  });

  it("sorts keys, and treats the names of JavaScript's own as any other", () => {
    const policies = ["z", "__proto__", "a"].map((key) => grant(key));
    const folded = foldPermissions([at("t", { policies })]);
    expect(Object.keys(folded)).toEqual(["__proto__", "a", "z"]);
    expect(Object.getPrototypeOf(folded)).toBe(Object.prototype);
  });

  it("lets a ban of an ancestor prevail over a policy below it, an archived one's not", () => {
    const leaf = at("leaf", { policies: [grant("k")] });
    expect(foldPermissions([at("root", { bans: ["k"] }), leaf])).toEqual({});
    const archived = at("root", { bans: ["k"], archived: true });
    expect(Object.keys(foldPermissions([archived, leaf]))).toEqual(["k"]);
    expect(foldPermissions([at("leaf", { ...leaf, bans: ["k"], archived: true })])).toEqual({});
  });

  it("lets an archived ancestor lock nothing", () => {
    const root = at("root", { policies: [grant("k", "LOCKED")], archived: true });
    const leaf = at("leaf", { policies: [grant("k")] });
    expect(foldPermissions([root, leaf]).k).toMatchObject({ source: "leaf", locked: false });
  });
});

describe("explainFold", () => {
  it("agrees with the fold, and tells of one effective policy at most", () => {
    fc.assert(
      fc.property(levels, key, (list, key) => {
        const folded = foldPermissions(list);
        const resolved = Object.hasOwn(folded, key) ? folded[key]! : null;
        const told = explainFold(list, key);
        expect(told).toMatchObject({ key, resolved, granted: resolved?.value === true });
        expect(
          told.chain.filter(({ effective }) => effective).map(({ policy_id }) => policy_id),
        ).toEqual(resolved === null ? [] : [resolved.policy_id]);
      }),
    );
  });

  it("names every policy of the key that takes part, and the uppermost ban", () => {
    fc.assert(
      fc.property(levels, key, (list, key) => {
        const counted = list.filter((level, n) => !level.archived || n === list.length - 1);
        const { chain, banned_at } = explainFold(list, key);
        const policies = counted.flatMap((level) => level.policies);
        expect(chain.map(({ policy_id }) => policy_id)).toEqual(
          policies.filter((each) => each.key === key).map(({ policy_id }) => policy_id),
        );
        const banning = counted.find(({ bans }) => bans.includes(key));
        expect(banned_at?.tenant_id).toBe(banning?.tenant_id);
      }),
    );
  });
});
