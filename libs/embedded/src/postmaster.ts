import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Whether it accepts connections. */
  readonly ready: boolean;
}

const FAST_SHUTDOWN_MS = 30_000;
const POLL_MS = 20;

/** The file's lines (PostgreSQL, miscadmin.h): pid, directory, start, port, …, status last. */
export function readPostmaster(dataDir: string): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === "ready" };
}

/** Whether a process is there, is no zombie, and is a PostgreSQL server. */
export function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  try {
    if (process.platform === "linux") {
      const [, name = "", state = ""] =
        /\((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
      return name.startsWith("postgres") && state !== "Z";
    }
    const command = execFileSync("ps", ["-p", String(pid), "-o", "comm="], { encoding: "utf8" });
    return command.includes("postgres");
  } catch {
    return false;
  }
}

/** The server that runs on a data directory; removes what a killed one left, also if its pid lives on. */
export function runningPostmaster(dataDir: string): Postmaster | null {
  const postmaster = readPostmaster(dataDir);
  if (postmaster === null) return null;
  if (isPostgres(postmaster.pid)) return postmaster;
  rmSync(join(dataDir, "postmaster.pid"), { force: true });
  return null;
}

function signal(pid: number, name: "SIGINT" | "SIGQUIT"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

/** Shuts a server down, without waiting for its clients to leave, and waits until it is gone. */
export async function shutDown({ pid }: Postmaster): Promise<void> {
  signal(pid, "SIGINT");
  const deadline = Date.now() + FAST_SHUTDOWN_MS;
  let escalated = false;
  while (isPostgres(pid)) {
    if (!escalated && Date.now() > deadline) {
      signal(pid, "SIGQUIT");
      escalated = true;
    }
    await sleep(POLL_MS);
  }
}
