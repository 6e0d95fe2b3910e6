import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { on } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A program of the repository in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** What it prints, line by line; leaving a loop over it loses nothing, the next one goes on there. */
  readonly lines: AsyncIterable<string>;
  /** Resolves when it has ended, with all that it printed to stderr. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

/** Lines are kept from the start, so that none is lost to a reader who comes late. */
function linesOf(input: Readable): AsyncIterable<string> {
  const kept = on(createInterface({ input }), "line", { close: ["close"] }) as AsyncIterator<
    [string]
  >;
  const next = async (): Promise<IteratorResult<string>> => {
    const result = await kept.next();
    return result.done ? { done: true, value: undefined } : { done: false, value: result.value[0] };
  };
  // There is no return() on purpose: it would close the stream when a loop is left.
  return { [Symbol.asyncIterator]: () => ({ next }) };
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
  return { process: child, lines: linesOf(child.stdout), ended };
}
