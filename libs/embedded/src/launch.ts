import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { SUPERUSER } from "./initdb";
import { asksForPassword, freePort, isFree, portInUse } from "./port";
import { removeStaleLock, runningPostmaster, type Postmaster } from "./postmaster";
import { logFile, logSize, logTail } from "./server-log";
import { spawnServer, type ServerCommand } from "./server-process";

/** A server, and whether this call started it. */
export interface Launched {
  readonly postmaster: Postmaster;
  readonly adopted: boolean;
}

const POLL_MS = 20;
/** SQLSTATE of a start while processes of a killed server still hold its memory: it passes. */
const LOCK_FILE_EXISTS = "F0001";
/** How often a start on a port of our choice may fail: the port may be gone for a moment. */
const MAX_FAILURES = 3;

/**
 * Runs a server, or finds the one that runs, until it asks for passwords. PostgreSQL's own lock decides
 * between programs that start the same directory at once: the losers' servers exit, and they find the
 * winner's.
 *
 * @throws EmbeddedPostgresError PORT_IN_USE, START_FAILED, START_TIMEOUT
 */
export async function launch(
  command: ServerCommand,
  port: number | undefined,
  timeoutMs: number,
): Promise<Launched> {
  const deadline = Date.now() + timeoutMs;
  let failures = 0;
  while (Date.now() < deadline) {
    const running = runningPostmaster(command.dataDir);
    if (running === null) {
      const outcome = await attempt(command, port, deadline);
      if (outcome instanceof EmbeddedPostgresError) {
        failures += 1;
        if (port !== undefined || failures === MAX_FAILURES) throw outcome;
      } else if (outcome !== null) {
        return { postmaster: outcome, adopted: false };
      }
    } else if (await isHealthy(running)) {
      return { postmaster: running, adopted: true };
    }
    await sleep(POLL_MS);
  }
  throw timeout(command.dataDir, timeoutMs);
}

/** Starts a server once; null where another program was faster, or the past one is not quite gone. */
async function attempt(
  command: ServerCommand,
  wanted: number | undefined,
  deadline: number,
): Promise<Postmaster | EmbeddedPostgresError | null> {
  const { dataDir } = command;
  const logged = logSize(dataDir);
  removeStaleLock(dataDir);
  // A port that was asked for is not tried out first: that could take it from a rival's server.
  const child = spawnServer(command, wanted ?? (await freePort()));
  const postmaster = await readiness(dataDir, child, deadline);
  if (postmaster !== null || !hasEnded(child)) return postmaster;
  // What happened is read from the state of things: the log's words are nothing to go by. A server takes
  // its lock before its port, so that the port of a faster one is never mistaken for a stranger's.
  if (runningPostmaster(dataDir) !== null) return null;
  if (wanted !== undefined && !(await isFree(wanted))) return portInUse(wanted);
  const log = logTail(dataDir, logged);
  if (log.includes(LOCK_FILE_EXISTS)) return null;
  return new EmbeddedPostgresError(
    "START_FAILED",
    "PostgreSQL did not start. Correct what its log says, or pass another dataDir.",
    log,
  );
}

function timeout(dataDir: string, timeoutMs: number): EmbeddedPostgresError {
  const found = runningPostmaster(dataDir);
  const who = found === null ? "PostgreSQL" : `PostgreSQL (process ${found.pid})`;
  return new EmbeddedPostgresError(
    "START_TIMEOUT",
    `${who} did not accept connections within ${timeoutMs} ms. If it hangs, end it; if it is recovering, ` +
      `try again. See ${logFile(dataDir)}.`,
    logTail(dataDir),
  );
}

async function isHealthy({ ready, port }: Postmaster): Promise<boolean> {
  return ready && (await asksForPassword(port, SUPERUSER));
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Waits until the child serves the directory; null where it exited, or time is up. */
async function readiness(
  dataDir: string,
  child: ChildProcess,
  deadline: number,
): Promise<Postmaster | null> {
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  while (!hasEnded(child) && Date.now() < deadline) {
    const postmaster = runningPostmaster(dataDir);
    if (postmaster?.pid === child.pid && postmaster !== null && (await isHealthy(postmaster))) {
      return postmaster;
    }
    await Promise.race([exited, sleep(POLL_MS)]);
  }
  return null;
}
