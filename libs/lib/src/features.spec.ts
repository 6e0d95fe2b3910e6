import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DECLARED, declaredBy } from "./declarations";
import type { Feature } from "./feature";
import FEATURES from "./features";

const FILES = readdirSync(__dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !/\.(spec|cases)\.ts$/.test(file))
  .map((file) => file.replaceAll("\\", "/"));

/** The features by the folder that declares each. */
const BY_FOLDER = new Map(
  FILES.filter((file) => file.endsWith(".feature.ts")).map((file) => {
    const [feature] = Object.values(jest.requireActual<Record<string, Feature>>(`./${file}`));
    return [dirname(file), feature!] as const;
  }),
);

const duplicatesIn = (names: readonly string[]) =>
  names.filter((name, n) => names.indexOf(name) !== n);

describe("the features", () => {
  it("are all on the list, each declared in the file that has its folder's name", () => {
    expect(new Set(BY_FOLDER.values())).toEqual(new Set(FEATURES));
    for (const file of FILES.filter((each) => each.endsWith(".feature.ts")))
      expect(basename(file)).toBe(`${dirname(file)}.feature.ts`);
  });

  it("declare each entity in the folder that has it", () => {
    for (const file of FILES.filter((each) => each.endsWith(".entity.ts"))) {
      const [entity] = Object.values(jest.requireActual<object>(`./${file}`)) as unknown[];
      expect(BY_FOLDER.get(dirname(file))?.entities ?? []).toContain(entity);
    }
  });

  it("violate each constraint that they declare, in a suite of their own", () => {
    for (const [folder, { constraintErrors }] of BY_FOLDER) {
      const suite = join(__dirname, folder, `${folder}.constraints.pg.spec.ts`);
      expect([folder, existsSync(suite)]).toEqual([folder, constraintErrors !== undefined]);
    }
  });

  it("declare no table, constraint or event that another one declares", () => {
    const all: readonly Feature[] = FEATURES;
    const names = {
      tables: DECLARED.controlTables.flatMap(({ table, part }) => [...new Set([table, part])]),
      constraints: all.flatMap(({ constraintErrors = {} }) => Object.keys(constraintErrors)),
      events: all.flatMap(({ events = {} }) => Object.keys(events)),
    };
    for (const each of Object.values(names)) {
      expect(each.length).toBeGreaterThan(10);
      expect(duplicatesIn(each)).toEqual([]);
    }
  });

  it.each([...BY_FOLDER])("%s records each event that it declares", (folder, { events = {} }) => {
    const sources = FILES.filter(
      (file) => dirname(file) === folder && !file.endsWith(".feature.ts"),
    ).map((file) => readFileSync(join(__dirname, file), "utf8"));
    for (const type of Object.keys(events))
      expect([type, sources.some((source) => source.includes(`"${type}"`))]).toEqual([type, true]);
  });

  it("declare together what each of them declares", () => {
    const error = () => new Error("unused") as never;
    const one = { events: { "a.b": "subtree" }, constraintErrors: { a: error } } as const;
    const two = { events: { "c.d": "nothing" }, constraintErrors: { b: error } } as const;
    expect(declaredBy([one, {}, two])).toMatchObject({
      events: { "a.b": "subtree", "c.d": "nothing" },
      constraintErrors: { a: error, b: error },
      entities: [],
    });
  });
});
