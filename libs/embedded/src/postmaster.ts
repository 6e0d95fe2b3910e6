import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { commandOf, startOf } from "./process-identity";

/** What a running server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** The data directory by the name that the server was given. */
  readonly directory: string;
  /** Whether it accepts connections. */
  readonly ready: boolean;
}

const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;
const POLL_MS = 20;

function lockText(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, "postmaster.pid"), "utf8");
  } catch {
    return null;
  }
}

/** The file's lines (PostgreSQL, miscadmin.h): pid, directory, start, port, …, status last. */
export function parsePostmaster(text: string): Postmaster | null {
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const ready = lines[7]?.trim() === "ready";
  return { pid, port: Number(lines[3] ?? 0), directory: lines[1] ?? "", ready };
}

function sameDirectory(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino;
}

/**
 * Whether the process is the server of this directory: not a zombie, not another program that has got
 * the pid, not another PostgreSQL either, and not the server of the directory that this one is a copy of.
 */
function serves({ pid, directory }: Postmaster, dataDir: string): boolean {
  if (startOf(pid) === null) return false;
  return commandOf(pid).includes(` -D ${directory} `) && sameDirectory(directory, dataDir);
}

/** The server that runs on a data directory, ready or not. */
export function runningPostmaster(dataDir: string): Postmaster | null {
  const text = lockText(dataDir);
  const postmaster = text === null ? null : parsePostmaster(text);
  return postmaster !== null && serves(postmaster, dataDir) ? postmaster : null;
}

/**
 * Removes the lock file of a killed server whose pid lives on as something else. PostgreSQL itself
 * removes it when there is no such process, but else takes any process for its server.
 */
export function removeStaleLock(dataDir: string): void {
  const text = lockText(dataDir);
  // A file without a pid may be one that a server is just writing.
  if (text === null || parsePostmaster(text) === null || runningPostmaster(dataDir) !== null)
    return;
  const path = join(dataDir, "postmaster.pid");
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    // Another program may have started a server since: then this is its lock, and goes back.
    if (readFileSync(aside, "utf8") !== text) linkSync(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function signal(pid: number, name: "SIGINT" | "SIGQUIT"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

async function ended(postmaster: Postmaster, start: string | null, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (startOf(postmaster.pid) === start) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/**
 * Shuts a server down without waiting for its clients to leave ("fast"), the hard way ("immediate")
 * when that takes too long, and waits until it is gone.
 *
 * @throws EmbeddedPostgresError STOP_TIMEOUT
 */
export async function shutDown(postmaster: Postmaster, dataDir: string): Promise<void> {
  const start = startOf(postmaster.pid);
  if (start === null || !serves(postmaster, dataDir)) return;
  signal(postmaster.pid, "SIGINT");
  if (await ended(postmaster, start, FAST_SHUTDOWN_MS)) return;
  signal(postmaster.pid, "SIGQUIT");
  if (await ended(postmaster, start, IMMEDIATE_SHUTDOWN_MS)) return;
  throw new EmbeddedPostgresError(
    "STOP_TIMEOUT",
    `PostgreSQL (process ${postmaster.pid}) does not end. See its log in ${dataDir}; kill it by hand.`,
  );
}
