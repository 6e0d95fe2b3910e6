import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "./support/child";
import { useStratum } from "./support/use-stratum";

const PROGRAM = join(__dirname, "programs", "keep-secret.ts");

describe("the master key of a program that configures none", () => {
  const t = useStratum();
  const directories: string[] = [];

  function newDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), "stratum-master-"));
    directories.push(directory);
    return directory;
  }
  afterAll(() => {
    for (const directory of directories) rmSync(directory, { recursive: true });
  });

  async function run(
    cwd: string,
    args: string[],
    variables: Record<string, string> = {},
  ): Promise<unknown> {
    const env = {
      ...process.env,
      STRATUM_MASTER_KEY: undefined,
      NODE_ENV: undefined,
      ...variables,
    };
    const child = runChild(PROGRAM, [t.database.url, ...args], { cwd, env });
    let last: unknown = null;
    for await (const line of child.lines) last = JSON.parse(line);
    expect(await child.ended).toEqual({ code: 0, signal: null, stderr: "" });
    return last;
  }

  it("is made on first need and kept, so that a restart still reads what was written", async () => {
    const cwd = newDirectory();
    expect(await run(cwd, ["kept", "the secret"])).toBe("the secret");
    const key = readFileSync(join(cwd, ".stratum", "master.key"), "utf8");
    expect(await run(cwd, ["kept"])).toBe("the secret");
    expect(readFileSync(join(cwd, ".stratum", "master.key"), "utf8")).toBe(key);
    expect(await run(newDirectory(), ["kept"])).toBe("DECRYPTION_FAILED");
  });

  it("is not made where nothing is encrypted", async () => {
    const cwd = newDirectory();
    const { id } = await t.stratum.createTenant({ name: "plain", slug: "plain" });
    await t.stratum.setConfig(id, "secret", { value: "no secret" });
    expect(await run(cwd, ["plain"])).toBe("no secret");
    expect(existsSync(join(cwd, ".stratum"))).toBe(false);
  });

  it("is never made in production, which does not start without one", async () => {
    const cwd = newDirectory();
    const production = { NODE_ENV: "production" };
    expect(await run(cwd, ["none", "x"], production)).toBe("MASTER_KEY_MISSING");
    expect(existsSync(join(cwd, ".stratum"))).toBe(false);
    expect(await t.rows("select from stratum.tenants where slug = 'none'")).toEqual([]);
    const key = { STRATUM_MASTER_KEY: randomBytes(32).toString("hex") };
    expect(await run(cwd, ["some", "x"], { ...production, ...key })).toBe("x");
    const bad = { STRATUM_MASTER_KEY: "too short" };
    expect(await run(cwd, ["some"], { ...production, ...bad })).toBe("MASTER_KEY_INVALID");
  });
});
