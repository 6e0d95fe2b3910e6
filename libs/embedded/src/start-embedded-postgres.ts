import { join } from "node:path";
import { isNativeError } from "node:util/types";
import { findBinaries } from "./binaries";
import { ensureCluster, passwordOf } from "./data-directory";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { SUPERUSER } from "./initdb";
import { launch } from "./launch";
import { claimOrphan, newOwner, ownerOf } from "./owner";
import { placeOf } from "./place";
import { ADDRESS, requireValid } from "./port";
import { shutDown } from "./postmaster";

/** How to start; everything has a default. */
export interface EmbeddedPostgresOptions {
  /** Where the data stays between starts. Default `.stratum/postgres` of the working directory. */
  readonly dataDir?: string;
  /** Default: any free one. A server that already runs on the data directory keeps its own. */
  readonly port?: number;
  /** Whether a commit waits for the disk. Default true; `false` only for data that may be lost. */
  readonly fsync?: boolean;
  /** Further settings of postgresql.conf, for example `{ max_connections: "300" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long to wait for the server, in milliseconds. Default 60,000. */
  readonly startTimeoutMs?: number;
}

/** A running server. */
export interface EmbeddedPostgres {
  /** `postgresql://user:password@127.0.0.1:port/postgres`, with superuser rights. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Where the data is: elsewhere than asked when root asked for a place that only root can reach. */
  readonly dataDir: string;
  /** Whether it ran already, started by another program or left by a killed one. */
  readonly adopted: boolean;
  /**
   * Lets go of the server. Its owner's stop() shuts it down and waits for that, whoever else uses it.
   * The owner is the handle that started it or, when that one's process had died, that adopted it.
   *
   * @throws EmbeddedPostgresError STOP_TIMEOUT
   */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/**
 * Starts PostgreSQL 18 on a data directory that it makes when there is none, or adopts the server that
 * runs on it. Of several programs that start the same directory at once, one starts and all get it.
 * The server outlives a process that does not stop it; the next start adopts it. For development and
 * tests: it is not tuned, backed up or reachable from other machines.
 *
 * @throws EmbeddedPostgresError with any code of `EmbeddedPostgresErrorCode` but STOP_TIMEOUT
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const wanted = options.dataDir ?? join(process.cwd(), ".stratum", "postgres");
  try {
    return await start(wanted, options);
  } catch (error) {
    // What the file system refuses has a system call's name; anything else is a defect, and stays one.
    if (!isNativeError(error) || !("syscall" in error)) throw error;
    throw new EmbeddedPostgresError(
      "DATA_DIRECTORY_UNUSABLE",
      `${wanted} cannot be used: ${error.message}. Pass a dataDir where this user may write; below, not at, ` +
        "the mount point of a volume.",
      "",
      error,
    );
  }
}

async function start(wanted: string, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { fsync = true, settings = {}, port, startTimeoutMs = START_TIMEOUT_MS } = options;
  requireValid(port);
  const place = placeOf(wanted);
  const { dataDir, user } = place;
  const binaries = findBinaries(user);
  await ensureCluster(place, binaries, fsync);
  const owner = newOwner();
  const command = { ...place, binaries, owner, fsync, settings };
  const { postmaster, adopted } = await launch(command, port, startTimeoutMs);
  if (adopted) claimOrphan(dataDir, postmaster, owner, user);
  return {
    url: `postgresql://${SUPERUSER}:${passwordOf(dataDir)}@${ADDRESS}:${postmaster.port}/postgres`,
    port: postmaster.port,
    pid: postmaster.pid,
    dataDir,
    adopted,
    stop: async () => {
      if (ownerOf(dataDir, postmaster) === owner) await shutDown(postmaster, dataDir);
    },
  };
}
