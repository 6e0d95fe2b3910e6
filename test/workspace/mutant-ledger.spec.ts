interface Grounds {
  near: string;
  far: string;
}
interface Named {
  name: string;
}
interface Choice {
  chosen: Named[];
  counts: Record<"near" | "far" | "same", { tried: number; all: number }>;
  late: number;
}
type Ledger = Record<string, Grounds & { seconds: number }>;

const { groundsIn } = jest.requireActual<{
  groundsIn: (
    read: (file: string) => string,
    files: string[],
  ) => (mutant: { file: string; find: string; replace: string; test: string[] }) => Grounds;
}>("../../scripts/mutant-grounds.cjs");
const { changedOf, choose, goneOf, ledgerOf, recorded, sentenceOf, textOf } = jest.requireActual<{
  choose: (from: {
    mutants: Named[];
    grounds: Record<string, Grounds>;
    ledger: Ledger;
    seed: string;
    seconds: number;
  }) => Choice;
  changedOf: (from: {
    mutants: Named[];
    grounds: Record<string, Grounds>;
    ledger: Ledger;
  }) => Named[];
  goneOf: (of: { mutants: Named[]; ledger: Ledger }) => string[];
  recorded: (from: {
    mutants: Named[];
    grounds: Record<string, Grounds>;
    ledger: Ledger;
    results: { name: string; verdict: string; seconds: number }[];
  }) => Ledger;
  sentenceOf: (choice: Choice, seed: string) => string;
  textOf: (ledger: Ledger) => string;
  ledgerOf: (text: string) => Ledger;
}>("../../scripts/mutant-choice.cjs");

const TREE: Record<string, string> = {
  "lib/guard.ts": `import { limit } from "./limits"; guard();`,
  "lib/limits.ts": "1",
  "lib/index.ts": "",
  "lib/used.ts": `export * from "./deep";`,
  "lib/deep.ts": "deep();",
  "lib/typed.ts": "type T = 1;",
  "lib/one.contract.ts": "it();",
  "lib/roles.cases.ts": "",
  "lib/unrelated.ts": "",
  "libs/core/package.json": `{ "exports": { ".": { "@stratum-hq/source": "./src/index.ts" } } }`,
  "libs/core/src/index.ts": "",
  "lib/guard.spec.ts": `
    import { guard } from "./guard";
    import "./used";
    import "@stratum-hq/core";
    import type { T } from "./typed";
    const kinds = ".cases.ts";
    const program = join(__dirname, "programs", "worker.ts");
    const { each } = jest.requireActual<{ each: () => void }>("./one.contract");
    import("lodash");`,
  "test/programs/worker.ts": "work();",
  "package-lock.json": "{}",
};
const MUTANT = {
  file: "lib/guard.ts",
  find: "guard();",
  replace: "",
  test: ["lib/guard.spec.ts", "x"],
};

function groundsOf(change: Record<string, string> = {}, mutant = MUTANT): Grounds {
  const tree = { ...TREE, ...change };
  return groundsIn((file) => tree[file]!, Object.keys(tree))(mutant);
}

describe("what a verdict rests on", () => {
  const before = groundsOf();

  it.each(["lib/guard.ts", "lib/guard.spec.ts", "lib/one.contract.ts"])("is near: %s", (file) => {
    const after = groundsOf({ [file]: `${TREE[file]} // changed` });
    expect(after).toEqual({
      near: expect.not.stringMatching(before.near) as string,
      far: before.far,
    });
  });

  it.each([
    "lib/limits.ts",
    "lib/used.ts",
    "lib/deep.ts",
    "lib/roles.cases.ts",
    "libs/core/src/index.ts",
    "test/programs/worker.ts",
    "package-lock.json",
  ])("is far: %s", (file) => {
    const after = groundsOf({ [file]: `${TREE[file]} // changed` });
    expect(after).toEqual({
      near: before.near,
      far: expect.not.stringMatching(before.far) as string,
    });
  });

  it.each(["lib/typed.ts", "lib/unrelated.ts"])(
    "is not %s, which the test does not load",
    (file) => {
      expect(groundsOf({ [file]: "changed" })).toEqual(before);
    },
  );

  it.each([
    { replace: "other();" },
    { find: "guard" },
    { test: ["lib/guard.spec.ts", "y"] },
    { also: ["a", "b"] },
  ])("is the mutant: %j", (change) => {
    expect(groundsOf({}, { ...MUTANT, ...change }).near).not.toBe(before.near);
  });
});

const MUTANTS = Array.from({ length: 400 }, (_, i) => ({ name: `m${String(i)}` }));
const GROUNDS = Object.fromEntries(MUTANTS.map(({ name }) => [name, { near: "n", far: "f" }]));
const LEDGER: Ledger = Object.fromEntries(
  MUTANTS.map(({ name }) => [name, { near: "n", far: "f", seconds: 2 }]),
);
const chooseFrom = (ledger: Ledger, seed = "a", seconds = Infinity): Choice =>
  choose({ mutants: MUTANTS, grounds: GROUNDS, ledger, seed, seconds });
const namesOf = ({ chosen }: Choice): string[] => chosen.map(({ name }) => name);
/** The ledger, with another hash for mutants 0 to 199. */
const withOther = (hash: Partial<Grounds>): Ledger => ({
  ...LEDGER,
  ...Object.fromEntries(
    MUTANTS.slice(0, 200).map(({ name }) => [name, { ...LEDGER[name]!, ...hash }]),
  ),
});

describe("what CI tries", () => {
  it("is a tenth where nothing changed, by the seed", () => {
    const { chosen, counts } = chooseFrom(LEDGER);
    expect(counts).toMatchObject({ near: { all: 0 }, far: { all: 0 } });
    expect(counts.same).toEqual({ tried: chosen.length, all: 400 });
    expect(chosen.length).toBeGreaterThan(20);
    expect(chosen.length).toBeLessThan(60);
    expect(namesOf(chooseFrom(LEDGER))).toEqual(namesOf(chooseFrom(LEDGER)));
    expect(namesOf(chooseFrom(LEDGER, "b"))).not.toEqual(namesOf(chooseFrom(LEDGER)));
  });

  it("is every mutant in the end, whatever the seeds are", () => {
    const tried = new Set(
      Array.from({ length: 200 }, (_, i) =>
        namesOf(chooseFrom(LEDGER, `seed ${String(i)}`)),
      ).flat(),
    );
    expect(tried.size).toBe(MUTANTS.length);
  });

  it("is each mutant with other grounds near it", () => {
    const choice = chooseFrom(withOther({ near: "other" }));
    expect(choice.counts.near).toEqual({ tried: 200, all: 200 });
    expect(namesOf(choice)).toEqual(
      expect.arrayContaining(MUTANTS.slice(0, 200).map(({ name }) => name)),
    );
  });

  it("can be those alone, and all of them", () => {
    const ledger = withOther({ near: "other" });
    expect(changedOf({ mutants: MUTANTS, grounds: GROUNDS, ledger })).toEqual(
      MUTANTS.slice(0, 200),
    );
    const far = withOther({ far: "other" });
    expect(changedOf({ mutants: MUTANTS, grounds: GROUNDS, ledger: far })).toEqual([]);
    expect(changedOf({ mutants: MUTANTS, grounds: GROUNDS, ledger: {} })).toEqual(MUTANTS);
  });

  it("is a quarter of those of which only something far changed", () => {
    const { counts } = chooseFrom(withOther({ far: "other" }));
    expect(counts.far.all).toBe(200);
    expect(counts.far.tried).toBeGreaterThan(30);
    expect(counts.far.tried).toBeLessThan(70);
  });

  it("is each mutant that the ledger does not have", () => {
    const choice = chooseFrom(
      Object.fromEntries(Object.entries(LEDGER).filter(([name]) => name !== "m7")),
    );
    expect(choice.counts.near).toEqual({ tried: 1, all: 1 });
    expect(namesOf(choice)[0]).toBe("m7");
  });

  it("leaves out what does not fit into the time, the nearest last, and says so", () => {
    const ledger = withOther({ near: "other" });
    const all = chooseFrom(ledger).chosen.length;
    const choice = chooseFrom(ledger, "a", 300);
    expect(choice.late).toBe(all - 150);
    expect(sentenceOf(choice, "a")).toBe(
      "150 of 400 mutants: 150 of 200 because what they rest on changed, " +
        "0 of 0 whose test loads something that changed, 0 of 200 as in the ledger; " +
        `${String(all - 150)} that were drawn are left out for time (--seed a).`,
    );
  });
});

describe("the ledger", () => {
  const after = (results: { name: string; verdict: string; seconds: number }[]): Ledger =>
    recorded({ mutants: MUTANTS, grounds: GROUNDS, ledger: withOther({ far: "old" }), results });

  it("learns what is caught", () => {
    expect(after([{ name: "m0", verdict: "caught", seconds: 3.2 }])["m0"]).toEqual({
      near: "n",
      far: "f",
      seconds: 4,
    });
  });

  it("keeps an entry as it is where nothing changed", () => {
    expect(after([{ name: "m300", verdict: "caught", seconds: 9 }])).toEqual(
      withOther({ far: "old" }),
    );
  });

  it.each(["SURVIVED", "DID NOT RUN"])("has no mutant that %s", (verdict) => {
    expect(after([{ name: "m0", verdict, seconds: 1 }])).not.toHaveProperty("m0");
  });

  it("knows entries of which the mutant is gone, and a run takes them out", () => {
    const stale = { ...LEDGER, gone: { near: "n", far: "f", seconds: 1 } };
    expect(goneOf({ mutants: MUTANTS, ledger: stale })).toEqual(["gone"]);
    const next = recorded({ mutants: MUTANTS, grounds: GROUNDS, ledger: stale, results: [] });
    expect(next).toEqual(LEDGER);
  });

  it("has a line for each mutant, in the order of names", () => {
    const ledger = { b: LEDGER["m0"]!, a: LEDGER["m1"]! };
    const lines = ["a", "b"].map((name) => `{"name":"${name}","near":"n","far":"f","seconds":2}\n`);
    expect(textOf(ledger)).toBe(lines.join(""));
    expect(ledgerOf(textOf(ledger))).toEqual(ledger);
  });

  it("is read of what a merge of two branches leaves", () => {
    const [old, later] = [5, 6].map((seconds) => textOf({ a: { near: "n", far: "f", seconds } }));
    expect(ledgerOf(`${old}${later}`)).toEqual({ a: { near: "n", far: "f", seconds: 6 } });
  });
});
