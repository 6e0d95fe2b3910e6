import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");
const COPIED = [
  "docs",
  "libs/core",
  "package.json",
  "scripts/docs.mjs",
  "scripts/openapi.mjs",
  "src",
  "test/support",
  "tsconfig.base.json",
];

describe("the pages that are generated from core", () => {
  let copy: string;

  const generate = (...args: string[]) => {
    const script = join(copy, "scripts", "docs.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
    return { status, stderr };
  };
  const replace = (file: string, before: string, after: string) => {
    const text = readFileSync(join(copy, file), "utf8");
    expect(text).toContain(before);
    writeFileSync(join(copy, file), text.replace(before, after));
  };

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "stratum-docs-"));
    for (const each of COPIED) cpSync(join(ROOT, each), join(copy, each), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  it("are what core says", () => {
    expect(generate("--check")).toEqual({ status: 0, stderr: "" });
  });

  it("differ once a limit has another value, until they are generated again", () => {
    replace("libs/core/src/tenant/limits.ts", "SLUG_MAX_LENGTH = 63", "SLUG_MAX_LENGTH = 62");
    const { status, stderr } = generate("--check");
    expect({ status, stderr }).toMatchObject({ status: 1 });
    expect(stderr).toContain("docs/limits.md differs");
    expect(stderr).not.toContain("docs/errors.md");
    expect(generate()).toEqual({ status: 0, stderr: "" });
    expect(readFileSync(join(copy, "docs/limits.md"), "utf8")).toMatch(
      /`TENANT_SLUG_MAX_LENGTH` *\| 62 /,
    );
    expect(generate("--check")).toEqual({ status: 0, stderr: "" });
  });

  it("differ once an error has another remedy", () => {
    replace("libs/core/src/crypto/codes.ts", "openssl rand -base64 32", "a die");
    const { status, stderr } = generate("--check");
    expect(status).toBe(1);
    expect(stderr).toContain("docs/errors.md differs");
  });

  it("cannot be generated of a limit that no comment explains", () => {
    replace(
      "libs/core/src/usage/limits.ts",
      "/** The greatest quantity of one usage event. */",
      "",
    );
    const { status, stderr } = generate();
    expect(status).not.toBe(0);
    expect(stderr).toContain("usage/limits.ts");
  });
});
