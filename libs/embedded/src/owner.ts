import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeOwned } from "./owned-file";
import type { Postmaster } from "./postmaster";
import { commandOf, startOf } from "./process-identity";
import type { ServerUser } from "./server-user";

/**
 * Who may stop a server: one handle of one process. The starter's name stands on the server's command
 * line, which exists exactly as long as the server does, so that no crash and no race can part the two.
 * Who adopts the server of a dead starter writes its own name into a file.
 */
const OWNER_FILE = "stratum_owner";
/** A placeholder setting; PostgreSQL takes any that has a dot. */
export const STARTER_SETTING = "embedded_postgres.starter";

/** A name for a handle: the process, when it began, and which of the process's handles it is. */
export function newOwner(): string {
  return `${process.pid}/${startOf(process.pid)}/${randomUUID()}`;
}

function isAlive(owner: string): boolean {
  const [pid, start] = owner.split("/");
  return startOf(Number(pid)) === start;
}

/** The owner's name; null for a server that was started by hand. */
export function ownerOf(dataDir: string, { pid }: Postmaster): string | null {
  try {
    const [server, owner] = readFileSync(join(dataDir, OWNER_FILE), "utf8").split(" ");
    // What stands there may be about a server of the past.
    if (server === serverName(pid) && owner !== undefined) return owner;
  } catch {
    // Nobody has adopted anything here.
  }
  return new RegExp(`${STARTER_SETTING}=(\\S+) `).exec(commandOf(pid))?.[1] ?? null;
}

/** Makes an adopter the owner if the one before has died. Of two at once, the last one is. */
export function claimOrphan(
  dataDir: string,
  postmaster: Postmaster,
  adopter: string,
  user: ServerUser | null,
): void {
  const owner = ownerOf(dataDir, postmaster);
  if (owner === null || isAlive(owner)) return;
  writeOwned(join(dataDir, OWNER_FILE), `${serverName(postmaster.pid)} ${adopter}`, user);
}

function serverName(pid: number): string {
  return `${pid}/${startOf(pid)}`;
}
