import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "./support/child";

const QUICKSTART = join(__dirname, "..", "examples", "quickstart.ts");

describe("npm run quickstart", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "stratum-quickstart-"));
    chmodSync(directory, 0o755);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  async function run(env: NodeJS.ProcessEnv = {}): Promise<string> {
    const child = runChild(QUICKSTART, [], { cwd: directory, env: { ...process.env, ...env } });
    const lines: string[] = [];
    for await (const line of child.lines) lines.push(line);
    const { code, stderr } = await child.ended;
    expect([code, stderr]).toEqual([0, ""]);
    return lines.join("\n");
  }

  it("shows inherited, overridden and locked values, and what a move changes", async () => {
    const output = await run();
    expect(output).toMatch(/Bakery Lind +max_users +250 +northstar/);
    expect(output).toMatch(/Harbor Logistics +max_users +1000 +acmesec/);
    expect(output).toMatch(/City Clinic +mfa +"required" +acmesec +locked/);
    expect(output).toMatch(/City Clinic +retention_days +3650 +own/);
    expect(output).toMatch(/refused Key "mfa" is locked/);
    const [, afterMove = ""] = output.split("moves to Blue Harbor");
    expect(afterMove).toMatch(/City Clinic +max_users +1000 +acmesec/);
    expect(afterMove).toMatch(/City Clinic +theme .* blue_harbor/);
  });

  it("is plain in a pipe, and stands beside itself when it is run again", async () => {
    expect(await run()).not.toContain("\u001b[");
    expect(await run()).toContain("acmesec_2");
  });
});
