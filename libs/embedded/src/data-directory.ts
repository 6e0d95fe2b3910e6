import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Binaries } from "./binaries";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { initdb } from "./initdb";
import type { Place } from "./place";
import { startOf } from "./process-identity";
import { makeDirectories } from "./trusted-directory";

/** The major release that the binaries are of. */
const MAJOR = "18";
const PASSWORD_FILE = "stratum_password";

function unusable(message: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError("DATA_DIRECTORY_UNUSABLE", message, "", cause);
}

/**
 * The superuser's password, made with the cluster and readable by its owner alone.
 *
 * @throws EmbeddedPostgresError DATA_DIRECTORY_UNUSABLE
 */
export function passwordOf(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, PASSWORD_FILE), "utf8").trim();
  } catch (cause) {
    throw unusable(
      `${dataDir} has no readable file ${PASSWORD_FILE}, so this package did not make it. Pass another dataDir.`,
      cause,
    );
  }
}

/** The version file's text; null where there is no cluster yet. */
function versionOf(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, "PG_VERSION"), "utf8").trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw unusable(
      `${dataDir} cannot be read. Run as the user that owns it, or pass another dataDir.`,
      cause,
    );
  }
}

function requireOurs(dataDir: string): void {
  const version = versionOf(dataDir);
  if (version !== MAJOR) {
    throw new EmbeddedPostgresError(
      "DATA_DIRECTORY_VERSION",
      `${dataDir} was made by PostgreSQL ${version}; this package runs ${MAJOR}. Dump it with that ` +
        "release, or pass another dataDir.",
    );
  }
  const uid = process.getuid?.();
  if (uid !== undefined && uid !== 0 && statSync(dataDir).uid !== uid) {
    throw unusable(
      `${dataDir} belongs to another user. Run as that user, or pass another dataDir.`,
    );
  }
  passwordOf(dataDir);
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/**
 * Makes sure that there is a cluster. A new one is made beside its place and renamed into it, so that
 * nobody finds half of one and, of two programs, one wins.
 *
 * @param fsync whether the new files are to be safe from a power cut
 * @throws EmbeddedPostgresError DATA_DIRECTORY_UNUSABLE, DATA_DIRECTORY_VERSION, START_FAILED
 */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  fsync: boolean,
): Promise<void> {
  const { dataDir } = place;
  if (versionOf(dataDir) === null) {
    if (entriesOf(dataDir).length > 0) {
      throw unusable(
        `${dataDir} has files and is no PostgreSQL data directory. Pass another dataDir.`,
      );
    }
    await createCluster(place, binaries, fsync);
  }
  requireOurs(dataDir);
}

async function createCluster(place: Place, binaries: Binaries, fsync: boolean): Promise<void> {
  const { dataDir, user } = place;
  if (user === null) mkdirSync(dirname(dataDir), { recursive: true });
  else makeDirectories(dirname(dataDir), 0o755);
  await removeDraftsOfTheDead(dataDir);
  const draft = `${dataDir}.draft-${process.pid}-${startOf(process.pid)}-${randomUUID()}`;
  const password = `${draft}.password`;
  try {
    await initdb({ ...place, dataDir: draft }, password, binaries, fsync);
    await rename(password, join(draft, PASSWORD_FILE));
    await rename(draft, dataDir);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    await rm(password, { force: true });
    // Another program was faster; its cluster serves both.
    if (versionOf(dataDir) === null) throw error;
  }
}

/**
 * A program that is killed during initdb leaves its draft, which nobody ever takes for a cluster. Its initdb
 * may live on for a while and write into it: what cannot be removed yet is left to the next start.
 */
async function removeDraftsOfTheDead(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.draft-`;
  for (const name of entriesOf(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue;
    const [pid, start] = name.slice(prefix.length).split("-");
    if (startOf(Number(pid)) === start) continue;
    await rm(join(dirname(dataDir), name), { recursive: true, force: true, maxRetries: 3 }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOTEMPTY") throw error;
      },
    );
  }
}
