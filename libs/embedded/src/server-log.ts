import { constants, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openOwned } from "./owned-file";
import type { ServerUser } from "./server-user";

const TAIL_CHARACTERS = 2_000;

/** Where a data directory's server logs. */
export function logFile(dataDir: string): string {
  return join(dataDir, "stratum.log");
}

/** A descriptor to log to; the caller closes it. */
export function openLog(dataDir: string, user: ServerUser | null): number {
  return openOwned(logFile(dataDir), constants.O_APPEND, user);
}

/** How many bytes there are in the log: a position for {@link logTail}. */
export function logSize(dataDir: string): number {
  return statSync(logFile(dataDir), { throwIfNoEntry: false })?.size ?? 0;
}

/** The end of what was logged from a position on. */
export function logTail(dataDir: string, from = 0): string {
  try {
    const text = readFileSync(logFile(dataDir)).subarray(from).toString("utf8");
    return text.slice(-TAIL_CHARACTERS);
  } catch {
    return "";
  }
}
