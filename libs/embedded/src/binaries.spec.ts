import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageOf } from "./binaries";
import { EmbeddedPostgresError } from "./embedded-postgres.error";

const { optionalDependencies } = JSON.parse(
  readFileSync(join(__dirname, "..", "package.json"), "utf8"),
) as { optionalDependencies: Record<string, string> };

describe("packageOf", () => {
  it("knows each package that this one may install, but the one for Windows", () => {
    const known = Object.keys(optionalDependencies).filter((name) => !name.includes("windows"));
    expect(
      known.map((name) => {
        const [, platform = "", processor = ""] = /\/(\w+)-(\w+)$/.exec(name) ?? [];
        return packageOf(platform, processor);
      }),
    ).toEqual(known);
  });

  it.each([
    ["win32", "x64"],
    ["freebsd", "x64"],
    ["linux", "riscv64"],
  ])("says that %s %s has none", (platform, processor) => {
    expect(() => packageOf(platform, processor)).toThrow(EmbeddedPostgresError);
    expect(() => packageOf(platform, processor)).toThrow(/PostgreSQL server of your own/);
  });
});
