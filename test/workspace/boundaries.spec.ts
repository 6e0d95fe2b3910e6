import { mkdirSync, mkdtempSync, rmSync, writeFileSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";

const ROOT = join(__dirname, "..", "..");

/** A file that breaks each rule, and what it imports. */
const PLANTED: Record<string, [file: string, imported: string]> = {
  "no-cycles": ["libs/core/src/a.ts", "./b"],
  "core-depends-on-zod-only": ["libs/core/src/c.ts", "../../lib/src/index"],
  "migrations-see-core-and-typeorm": ["migrations/src/a.ts", "../../libs/lib/src/index"],
  "adapters-and-sdk-see-core": ["libs/sdk/src/a.ts", "../../lib/src/index"],
  "adapters-depend-on-core-and-pg": ["libs/db-adapters/src/a.ts", "@nestjs/platform-fastify"],
  "typeorm-stays-in-its-folder": ["libs/db-adapters/src/b.ts", "typeorm"],
  "react-sees-core-and-sdk": ["libs/react/src/a.ts", "../../lib/src/index"],
  "embedded-stands-alone": ["libs/embedded/src/a.ts", "../../core/src/index"],
  "lib-sees-what-is-below-it": ["libs/lib/src/a.ts", "../../embedded/src/index"],
  "libraries-do-not-see-the-rest": ["libs/lib/src/b.ts", "../../../test/support"],
  "http-edge-has-no-sql": ["src/a.ts", "pg"],
  "libraries-have-no-http-edge": ["libs/lib/src/c.ts", "@nestjs/platform-fastify"],
  "index-is-the-only-door": ["src/b.ts", "../libs/lib/src/deep"],
  "stores-see-no-services": ["libs/lib/src/a.store.ts", "./a.service"],
  "no-orphans": ["libs/lib/src/alone.ts", ""],
};

describe("the boundaries", () => {
  let planted: string;

  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), "stratum-boundaries-"));
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(planted, file)), { recursive: true });
      writeFileSync(join(planted, file), text);
    };
    for (const file of [".dependency-cruiser.cjs", ".dependency-cruiser.folders.cjs"])
      cpSync(join(ROOT, file), join(planted, file));
    write("tsconfig.check.json", "{}");
    for (const [file, imported] of Object.values(PLANTED)) {
      write(file, imported === "" ? "export const a = 1;" : `import "${imported}";`);
    }
    write("libs/core/src/b.ts", 'import "./a";');
    write("libs/lib/src/one/a.ts", 'import "../two/a";');
    write("libs/lib/src/one/b.ts", 'import "./a";');
    write("libs/lib/src/two/a.ts", "export const a = 1;");
    write("libs/lib/src/two/b.ts", 'import "../one/b";');
    write("libs/lib/src/a.service.ts", "export const a = 1;");
    write("libs/lib/src/deep.ts", "export const a = 1;");
    write("test/support.ts", "export const a = 1;");
    for (const name of ["core", "lib", "embedded"]) {
      write(`libs/${name}/src/index.ts`, "export const a = 1;");
    }
    for (const name of ["pg", "typeorm", "@nestjs/platform-fastify"]) {
      write(`node_modules/${name}/index.js`, "");
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" }));
    }
    write(
      "package.json",
      JSON.stringify({ dependencies: { pg: "1", typeorm: "1", "@nestjs/platform-fastify": "1" } }),
    );
  });
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  interface Cruise {
    readonly rules: string[];
    readonly violations: readonly {
      readonly from: string;
      readonly rule: { readonly name: string };
    }[];
    /** The folders that the rule against circles of folders knows of. */
    readonly known: string[];
  }

  /** What dependency-cruiser finds by a configuration, below a folder. */
  function cruise(configuration: string, baseDir: string, change = ""): Cruise {
    const script = `
      import { cruise } from "dependency-cruiser";
      import config from ${JSON.stringify(join(baseDir, configuration))};
      const { options, ...ruleSet } = config;
      const rules = config.forbidden.map(({ name }) => name);
      const known = (config.forbidden[0].from.pathNot ?? "").match(/\\((.*)\\)/)?.[1].split("|") ?? [];
      ${change}
      const folders = ["libs", "migrations", "src", "test"];
      const result = await cruise(folders, { ...options, ruleSet, validate: true, baseDir: ${JSON.stringify(baseDir)} });
      const { violations } = result.output.summary;
      console.log(JSON.stringify({ rules, known, violations }));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: ROOT,
      encoding: "utf8",
    });
    return JSON.parse(output) as Cruise;
  }

  it("are crossed by each planted import, and each rule says so", () => {
    const { rules, violations } = cruise(".dependency-cruiser.cjs", planted);
    for (const [rule, [file]] of Object.entries(PLANTED)) {
      const found = violations.filter((each) => each.rule.name === rule).map(({ from }) => from);
      expect({ rule, found }).toEqual({ rule, found: expect.arrayContaining([file]) as string[] });
    }
    expect(Object.keys(PLANTED).sort()).toEqual(rules.sort());
  });

  it("are crossed by features that depend on each other, though none of their files does", () => {
    const { violations } = cruise(".dependency-cruiser.folders.cjs", planted);
    const found = violations.map(({ from, rule }) => [rule.name, from]);
    expect(found.sort()).toEqual([
      ["no-cycles-of-features", "libs/lib/src/one"],
      ["no-cycles-of-features", "libs/lib/src/two"],
    ]);
  });

  it("know of no circle of features that is not there any more", () => {
    const forAll = "delete config.forbidden[0].from.pathNot;";
    const { known, violations } = cruise(".dependency-cruiser.folders.cjs", ROOT, forAll);
    const inCircles = new Set(violations.map(({ from }) => from.split("/").at(-1)));
    expect([...inCircles].sort()).toEqual(known.sort());
  });
});
