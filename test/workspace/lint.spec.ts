import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** A transaction that Mutations does not open. */
const BY_HAND = `export class ConsentService {
  constructor(private readonly database: { transaction(): void }) {}
  grant() { this.database.transaction(); }
}`;

/** Breaches of our own rules, each in a file where it must be found. */
const PLANTED: readonly [rule: string, file: string, code: string][] = [
  [
    "no-restricted-syntax",
    "libs/lib/src/stratum.ts",
    'export const sql = "select 1 from stratum.tenants";',
  ],
  [
    "no-restricted-syntax",
    "libs/lib/src/stratum.ts",
    "export const sql = `insert into t values (${1})`;",
  ],
  [
    "no-restricted-syntax",
    "libs/lib/src/tenancy/tenant.store.ts",
    "export class TenantManager { a = 1; }",
  ],
  ["no-restricted-syntax", "libs/lib/src/consent/consent.service.ts", BY_HAND],
  ["no-restricted-syntax", "libs/lib/src/consent/consent.store.ts", BY_HAND],
  [
    "no-restricted-syntax",
    "libs/lib/src/retention/retention-batches.ts",
    "export const f = (database: { transaction(): void }) => database.transaction();",
  ],
  [
    "no-restricted-imports",
    "libs/lib/src/stratum.ts",
    'export * from "@stratum-hq/core/dist/constants";',
  ],
  ["no-console", "libs/core/src/platform/validate.ts", "console.log(1);"],
  [
    "max-params",
    "libs/lib/src/stratum.ts",
    "export function f(a: 1, b: 1, c: 1, d: 1, e: 1, g: 1) { return [a, b, c, d, e, g]; }",
  ],
  ["max-lines", "libs/core/src/platform/validate.ts", "export const a = 1;\n".repeat(401)],
  [
    "max-lines-per-function",
    "libs/core/src/platform/validate.ts",
    `export function f() {\n${"f();\n".repeat(81)}}`,
  ],
  [
    "@typescript-eslint/no-explicit-any",
    "libs/core/src/platform/validate.ts",
    "export const a: any = 1;",
  ],
  [
    "@typescript-eslint/no-floating-promises",
    "libs/core/src/platform/validate.ts",
    "Promise.resolve(1);",
  ],
];

/** Lints texts as if they were files; ESLint reads its configuration in a process of its own. */
function lint(texts: readonly (readonly [file: string, code: string])[]): string[][] {
  const program = `
    import { ESLint } from "eslint";
    const eslint = new ESLint();
    const found = [];
    for (const [filePath, code] of ${JSON.stringify(texts)}) {
      const [result] = await eslint.lintText(code, { filePath });
      found.push(result.messages.map(({ ruleId, message }) => ruleId ?? message));
    }
    console.log(JSON.stringify(found));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: ROOT,
    encoding: "utf8",
    // On a CI machine typescript-eslint reads each file from disk once, and would not see these texts.
    env: { ...process.env, TSESTREE_SINGLE_RUN: "false" },
  });
  return JSON.parse(output) as string[][];
}

describe("the lint", () => {
  it("finds each planted breach", () => {
    const found = lint(PLANTED.map(([, file, code]) => [file, code]));
    PLANTED.forEach(([rule, file], index) => {
      expect([file, found[index]]).toEqual([file, expect.arrayContaining([rule])]);
    });
  });

  it("lets SQL be where it belongs", () => {
    const store = "libs/lib/src/tenancy/tenant.store.ts";
    expect(lint([[store, 'export const sql = "select 1";\n']])).toEqual([[]]);
  });

  it("lets Mutations, and the steps of operations, open transactions", () => {
    const files = ["tenancy/mutations.ts", "operations/operation-runner.ts"];
    const found = lint(files.map((file) => [`libs/lib/src/${file}`, BY_HAND]));
    expect(found.flat()).not.toContain("no-restricted-syntax");
  });

  it("asks for file names in kebab-case", () => {
    const rule = `
      import config from "./eslint.config.mjs";
      const { rules } = config.find(({ plugins }) => plugins?.stratum).plugins.stratum;
      const refused = [];
      for (const filename of ["tenantStore.ts", "Tenant.ts", "tenant.store.ts", "1764-tree.ts"]) {
        rules["kebab-case"].create({ filename, report: () => refused.push(filename) }).Program({});
      }
      console.log(JSON.stringify(refused));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", rule], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual(["tenantStore.ts", "Tenant.ts"]);
  });
});
