import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import type { ServerUser } from "./server-user";

/** Mode bits that let a group or everybody write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Creates a directory and the ones above it with an exact mode, whatever the umask: under 077, nobody but
 * root could go through directories of root's.
 */
export function makeDirectories(path: string, mode: number): void {
  const parent = dirname(path);
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  if (parent !== path) makeDirectories(parent, mode);
  try {
    mkdirSync(path, { mode });
    chmodSync(path, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Whether a directory is this process's user's own, no link, and nobody else can put things into it. */
function isTrusted(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return (
    found !== undefined &&
    found.isDirectory() &&
    found.uid === process.getuid?.() &&
    (found.mode & WRITABLE_BY_OTHERS) === 0
  );
}

function candidates(user: ServerUser | null): string[] {
  if (user !== null) return ["/var/lib/stratum", "/var/tmp/stratum"];
  const { XDG_CACHE_HOME: cache = "" } = process.env;
  const own = join(isAbsolute(cache) ? cache : join(homedir(), ".cache"), "stratum");
  return [own, join(tmpdir(), `stratum-${process.getuid?.()}`)];
}

/**
 * A place for what cannot stay where it is: of root's for a server that runs as another user, else of the
 * process's own user. A directory that another user could have planted is passed over, since programs are
 * run from there.
 *
 * @throws EmbeddedPostgresError NO_SAFE_DIRECTORY
 */
export function trustedDirectory(user: ServerUser | null): string {
  const places = candidates(user);
  for (const place of places) {
    try {
      makeDirectories(place, user === null ? 0o700 : 0o755);
      if (isTrusted(place)) return place;
    } catch {
      // A read-only file system, or no home directory: the next place may do.
    }
  }
  throw new EmbeddedPostgresError(
    "NO_SAFE_DIRECTORY",
    `Neither ${places.join(" nor ")} is a directory that only this user can write. Make one of them so.`,
  );
}
