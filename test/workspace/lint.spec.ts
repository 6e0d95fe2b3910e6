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

const STORE = "libs/lib/src/tenancy/tenant.store.ts";
const OPENERS = [
  "libs/lib/src/tenancy/mutations.ts",
  "libs/lib/src/operations/operation-runner.ts",
];
const ALLOWED: readonly [file: string, code: string][] = [
  [STORE, 'export const sql = "select 1";\n'],
  ...OPENERS.map((file): [string, string] => [file, BY_HAND]),
];

/**
 * What ESLint finds in texts, as if they were files. It reads its configuration in a process of its own, and the
 * types of the repository but once.
 */
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
  let planted: string[][];
  let allowed: string[][];

  beforeAll(() => {
    const found = lint([...PLANTED.map(([, file, code]) => [file, code] as const), ...ALLOWED]);
    planted = found.slice(0, PLANTED.length);
    allowed = found.slice(PLANTED.length);
  });

  it("finds each planted breach", () => {
    PLANTED.forEach(([rule, file], index) => {
      expect([file, planted[index]]).toEqual([file, expect.arrayContaining([rule])]);
    });
  });

  it("lets SQL be where it belongs", () => {
    expect(allowed[0]).toEqual([]);
  });

  it("lets Mutations, and the steps of operations, open transactions", () => {
    expect(allowed).toHaveLength(1 + OPENERS.length);
    expect(allowed.slice(1).flat()).not.toContain("no-restricted-syntax");
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
