import fc from "fast-check";
import { foldConfig, foldConfigWithChain, type ConfigLevel } from "./fold";

const entry = fc.record({
  key: fc.constantFrom("a", "b", "__proto__", "constructor"),
  value: fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<never>,
  locked: fc.boolean(),
  sensitive: fc.boolean(),
});
const levels: fc.Arbitrary<ConfigLevel[]> = fc
  .array(
    fc.record({
      archived: fc.boolean(),
      entries: fc.uniqueArray(entry, { selector: ({ key }) => key }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) => list.map((level, n) => ({ ...level, tenant_id: `t${n}`, slug: `s${n}` })));

/** The rule as a sentence: walk from the root; a lock ends the walk; else the nearest wins. */
function naive(list: readonly ConfigLevel[], key: string) {
  let found: { value: unknown; source: string; locked: boolean } | undefined;
  list.forEach((level, index) => {
    const own = level.entries.find((each) => each.key === key);
    const counts = !level.archived || index === list.length - 1;
    if (own === undefined || !counts || found?.locked === true) return;
    found = { value: own.value, source: level.slug, locked: own.locked };
  });
  return found;
}

describe("foldConfig", () => {
  it("resolves every key as the rule says", () => {
    fc.assert(
      fc.property(levels, (list) => {
        const folded = foldConfig(list);
        const keys = new Set(list.flatMap(({ entries }) => entries.map(({ key }) => key)));
        for (const key of keys) {
          const expected = naive(list, key);
          const actual = Object.hasOwn(folded, key) ? folded[key] : undefined;
          expect(actual === undefined).toBe(expected === undefined);
          if (expected !== undefined) expect(actual).toMatchObject(expected);
          expect(actual?.inherited).toBe(expected && expected.source !== list.at(-1)?.slug);
        }
      }),
    );
  });

  it("sorts keys, and treats the names of JavaScript's own as any other", () => {
    const entries = ["z", "__proto__", "a"].map((key) => ({
      key,
      value: 1,
      locked: false,
      sensitive: false,
    }));
    const folded = foldConfig([{ tenant_id: "t", slug: "s", archived: false, entries }]);
    expect(Object.keys(folded)).toEqual(["__proto__", "a", "z"]);
    expect(Object.getPrototypeOf(folded)).toBe(Object.prototype);
  });

  it("inherits sensitivity", () => {
    const at = (slug: string, sensitive: boolean) => ({
      tenant_id: slug,
      slug,
      archived: false,
      entries: [{ key: "k", value: slug, locked: false, sensitive }],
    });
    expect(foldConfig([at("root", true), at("leaf", false)]).k).toMatchObject({
      value: "leaf",
      sensitive: true,
    });
  });

  it("agrees with the fold that tells why", () => {
    fc.assert(
      fc.property(levels, (list) => {
        const told = foldConfigWithChain(list);
        const plain = Object.fromEntries(
          Object.entries(told).map(([key, { chain, ...rest }]) => {
            expect(chain.filter(({ effective }) => effective)).toHaveLength(1);
            return [key, rest];
          }),
        );
        expect(plain).toEqual(foldConfig(list));
      }),
    );
  });
});
