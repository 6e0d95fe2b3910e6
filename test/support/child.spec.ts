import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runChild } from "./child";

describe("runChild", () => {
  let directory: string;

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "stratum-child-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  function program(text: string): string {
    const file = join(directory, "program.ts");
    writeFileSync(file, text);
    return file;
  }

  it("runs TypeScript, and keeps each line for a reader who comes late and again", async () => {
    const child = runChild(
      program("for (const n of process.argv.slice(2) as string[]) console.log(`line ${n}`);"),
      ["1", "2", "3"],
    );
    await sleep(500);
    const seen: string[] = [];
    for await (const line of child.lines) {
      seen.push(line);
      break;
    }
    for await (const line of child.lines) seen.push(line);
    expect(seen).toEqual(["line 1", "line 2", "line 3"]);
  });

  it("says how it ended", async () => {
    const failed = runChild(program('console.error("why"); process.exitCode = 3;'));
    expect(await failed.ended).toEqual({ code: 3, signal: null, stderr: "why\n" });
    const killed = runChild(program('console.log("up"); setInterval(() => undefined, 1_000);'));
    for await (const line of killed.lines) if (line === "up") break;
    killed.process.kill("SIGKILL");
    expect(await killed.ended).toMatchObject({ code: null, signal: "SIGKILL" });
  });
});
