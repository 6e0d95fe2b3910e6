import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { canReach, serverUser, type ServerUser } from "./server-user";
import { trustedDirectory } from "./trusted-directory";

/** Where the data goes, and whose it is. */
export interface Place {
  readonly dataDir: string;
  readonly user: ServerUser | null;
}

/** The path without links, as far as it exists. */
function canonical(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(canonical(parent), basename(path));
}

/**
 * Finds the place for a data directory: as asked, or one of root's that the server's user can reach when
 * root asks for one that it cannot, as below a home directory of mode 0700.
 *
 * @throws EmbeddedPostgresError UID_UNKNOWN, NO_UNPRIVILEGED_USER, NO_SAFE_DIRECTORY,
 *   DATA_DIRECTORY_UNUSABLE
 */
export function placeOf(wanted: string): Place {
  const dataDir = canonical(resolve(wanted));
  const user = serverUser(dataDir);
  if (user === null || canReach(dataDir, user)) return { dataDir, user };
  if (existsSync(join(dataDir, "PG_VERSION"))) {
    // An empty database elsewhere would look as if the data were lost.
    throw new EmbeddedPostgresError(
      "DATA_DIRECTORY_UNUSABLE",
      `${dataDir} has data, but user id ${user.uid}, who runs PostgreSQL for root, cannot get there. ` +
        "Let it through the directories above (chmod o+x), or pass another dataDir.",
    );
  }
  const name = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  const elsewhere = join(trustedDirectory(user), "data", name);
  return { dataDir: elsewhere, user: serverUser(elsewhere) };
}
