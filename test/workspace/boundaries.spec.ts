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
    cpSync(join(ROOT, ".dependency-cruiser.cjs"), join(planted, ".dependency-cruiser.cjs"));
    write("tsconfig.check.json", "{}");
    for (const [file, imported] of Object.values(PLANTED)) {
      write(file, imported === "" ? "export const a = 1;" : `import "${imported}";`);
    }
    write("libs/core/src/b.ts", 'import "./a";');
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

  it("are crossed by each planted import, and each rule says so", () => {
    const script = `
      import { cruise } from "dependency-cruiser";
      import config from ${JSON.stringify(join(planted, ".dependency-cruiser.cjs"))};
      const { options, ...ruleSet } = config;
      const result = await cruise(["libs", "migrations", "src", "test"], { ...options, ruleSet, validate: true, baseDir: ${JSON.stringify(planted)} });
      const rules = config.forbidden.map(({ name }) => name);
      console.log(JSON.stringify({ rules, violations: result.output.summary.violations }));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const { rules, violations } = JSON.parse(output) as {
      rules: string[];
      violations: { from: string; rule: { name: string } }[];
    };
    for (const [rule, [file]] of Object.entries(PLANTED)) {
      const found = violations.filter((each) => each.rule.name === rule).map(({ from }) => from);
      expect({ rule, found }).toEqual({ rule, found: expect.arrayContaining([file]) as string[] });
    }
    expect(Object.keys(PLANTED).sort()).toEqual(rules.sort());
  });
});
