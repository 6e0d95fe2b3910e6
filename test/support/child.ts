import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A program of the repository in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** What it prints, line by line. */
  readonly lines: AsyncIterable<string>;
  /** Resolves when it has ended, with all that it printed to stderr. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

/** Runs a TypeScript file under Node. */
export function runChild(
  file: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Child {
  const register = join(__dirname, "register.cjs");
  const child = spawn(process.execPath, ["-r", register, file, ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; signal: string | null; stderr: string }>(
    (done) => {
      child.on("close", (code, signal) => done({ code, signal, stderr }));
    },
  );
  return { process: child, lines: createInterface({ input: child.stdout }), ended };
}
