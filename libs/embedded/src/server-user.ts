import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { userInfo } from "node:os";
import { EmbeddedPostgresError } from "./embedded-postgres.error";

/** The user that the server runs as; null where it is the process's own. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Unprivileged users that machines have without anybody having made one for PostgreSQL. */
const CANDIDATES = ["postgres", "nobody"];

interface PasswdEntry extends ServerUser {
  readonly name: string;
}

function passwdEntries(passwd: string): PasswdEntry[] {
  return passwd
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 4)
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid >= 0);
}

/** Whoever owns the data directory already goes on running it. */
function ownerOf(dataDir: string): number | null {
  const owner = statSync(dataDir, { throwIfNoEntry: false })?.uid;
  return owner === undefined || owner === 0 ? null : owner;
}

function requireKnownUser(): void {
  try {
    userInfo();
  } catch (cause) {
    const uid = process.getuid?.();
    throw new EmbeddedPostgresError(
      "UID_UNKNOWN",
      `User id ${uid} has no name, and PostgreSQL refuses to run without one. Add a line for it to ` +
        `/etc/passwd ("stratum:x:${uid}:${process.getgid?.()}::/tmp:/bin/sh"), or run as a user that has one.`,
      "",
      cause,
    );
  }
}

/**
 * Picks whom root's server runs as: the owner of the data, else postgres, nobody or whoever there is.
 *
 * @param passwd the text of /etc/passwd
 * @param owner the user id that owns the data directory; null where that is root or there is none yet
 * @throws EmbeddedPostgresError NO_UNPRIVILEGED_USER
 */
export function unprivilegedUser(passwd: string, owner: number | null): ServerUser {
  const entries = passwdEntries(passwd);
  const user =
    entries.find(({ uid }) => uid === owner) ??
    CANDIDATES.map((name) => entries.find((entry) => entry.name === name)).find(Boolean) ??
    entries[0];
  if (user !== undefined) return { uid: user.uid, gid: user.gid };
  throw new EmbeddedPostgresError(
    "NO_UNPRIVILEGED_USER",
    "PostgreSQL does not run as root, and /etc/passwd names no other user. Add one, for example with " +
      '"adduser postgres", or run this program as a normal user.',
  );
}

/**
 * Decides whom the server of a data directory runs as. PostgreSQL refuses root: then an existing
 * unprivileged user runs it.
 *
 * @throws EmbeddedPostgresError UID_UNKNOWN, NO_UNPRIVILEGED_USER
 */
export function serverUser(dataDir: string): ServerUser | null {
  if (process.getuid?.() === 0) {
    return unprivilegedUser(readFileSync("/etc/passwd", "utf8"), ownerOf(dataDir));
  }
  requireKnownUser();
  return null;
}

/** Whether a user can go through every directory down to a path. Links in it must be resolved. */
export function canReach(path: string, user: ServerUser): boolean {
  for (let current = dirname(path); ; current = dirname(current)) {
    const found = statSync(current, { throwIfNoEntry: false });
    if (found !== undefined) {
      const shift = found.uid === user.uid ? 6 : found.gid === user.gid ? 3 : 0;
      if (((found.mode >> shift) & 1) === 0) return false;
    }
    if (current === dirname(current)) return true;
  }
}
