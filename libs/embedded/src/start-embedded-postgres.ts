import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findBinaries, type Binaries } from "./binaries";
import { ensureCluster, passwordOf, placeOf, SUPERUSER } from "./data-directory";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { ADDRESS, freePort, isFree } from "./free-port";
import { runningPostmaster, shutDown, type Postmaster } from "./postmaster";
import { serverUser, type ServerUser } from "./server-user";

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
   * Shuts the server down and waits for it. Where another program that is still alive started it,
   * nothing happens: that program's stop() does it.
   */
  stop(): Promise<void>;
}

interface Start {
  readonly dataDir: string;
  readonly user: ServerUser | null;
  readonly binaries: Binaries;
  readonly options: EmbeddedPostgresOptions;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
/** SQLSTATE of a start while processes of a killed server still hold its memory: it passes. */
const LOCK_FILE_EXISTS = "F0001";
const STARTER_FILE = "stratum_starter";
const LOG_FILE = "stratum.log";

/**
 * Starts PostgreSQL 18 on a data directory that it makes when there is none, or adopts the server that
 * runs on it. Of several programs that start the same directory at once, one starts and all get it.
 * The server outlives a process that does not stop it; the next start adopts it. For development and
 * tests: it is not tuned, backed up or reachable from other machines.
 *
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const wanted = options.dataDir ?? join(process.cwd(), ".stratum", "postgres");
  const user = serverUser(wanted);
  const dataDir = placeOf(wanted, user);
  const binaries = findBinaries(user);
  await ensureCluster(dataDir, binaries, user);
  const start = { dataDir, user, binaries, options };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const running = runningPostmaster(dataDir);
    if (running === null) {
      const started = await launch(start, deadline);
      if (started !== null) return handle(dataDir, started, false);
    } else if (running.ready) {
      return handle(dataDir, running, true);
    }
    await sleep(POLL_MS);
  }
  throw new EmbeddedPostgresError(
    "START_TIMEOUT",
    `PostgreSQL did not accept connections within ${START_TIMEOUT_MS} ms. See ${join(dataDir, LOG_FILE)}.`,
    logTail(dataDir),
  );
}

/** Runs a server until it is ready; null where it has to be tried again or another one was faster. */
async function launch(start: Start, deadline: number): Promise<Postmaster | null> {
  const { dataDir, options } = start;
  const port = options.port ?? (await freePort());
  const logged = logSize(dataDir);
  const child = spawnServer(start, port);
  const postmaster = await readiness(dataDir, child, deadline);
  if (postmaster !== null || child.exitCode === null) return postmaster;
  // What the exit meant is read from the state of things, not from the log's words.
  if (runningPostmaster(dataDir) !== null) return null;
  if (!(await isFree(port))) {
    if (options.port === undefined) return null;
    throw new EmbeddedPostgresError(
      "PORT_IN_USE",
      `Port ${port} is taken. Stop what listens there, or leave "port" out to get a free one.`,
    );
  }
  const log = logTail(dataDir, logged);
  if (log.includes(LOCK_FILE_EXISTS)) return null;
  throw new EmbeddedPostgresError("START_FAILED", "PostgreSQL did not start.", log);
}

/** Waits until the child serves the directory; null where it exited, or time is up. */
async function readiness(
  dataDir: string,
  child: ChildProcess,
  deadline: number,
): Promise<Postmaster | null> {
  const exited = new Promise<void>((done) => child.once("exit", () => done()));
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const postmaster = runningPostmaster(dataDir);
    if (postmaster?.pid === child.pid && postmaster?.ready) {
      child.unref();
      return postmaster;
    }
    await Promise.race([exited, sleep(POLL_MS)]);
  }
  return null;
}

function spawnServer({ dataDir, user, binaries, options }: Start, port: number): ChildProcess {
  const settings = {
    listen_addresses: ADDRESS,
    port: String(port),
    unix_socket_directories: "",
    fsync: options.fsync === false ? "off" : "on",
    log_error_verbosity: "verbose",
    ...options.settings,
  };
  const log = openSync(join(dataDir, LOG_FILE), "a", 0o600);
  try {
    const child = spawn(
      binaries.postgres,
      [
        "-D",
        dataDir,
        ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
      ],
      {
        ...user,
        cwd: "/",
        // A Ctrl-C in the terminal is for the program, which stops its server itself.
        detached: true,
        stdio: ["ignore", log, log],
        env: { ...process.env, LC_ALL: "C" },
      },
    );
    child.on("error", () => undefined);
    return child;
  } finally {
    closeSync(log);
  }
}

function logSize(dataDir: string): number {
  return statSync(join(dataDir, LOG_FILE), { throwIfNoEntry: false })?.size ?? 0;
}

/** The end of what was logged from a position on. */
function logTail(dataDir: string, from = 0): string {
  try {
    return readFileSync(join(dataDir, LOG_FILE)).subarray(from).toString("utf8").slice(-2000);
  } catch {
    return "";
  }
}

function handle(dataDir: string, postmaster: Postmaster, adopted: boolean): EmbeddedPostgres {
  const starter = adopted ? starterOf(dataDir) : null;
  if (starter === null)
    writeFileSync(join(dataDir, STARTER_FILE), String(process.pid), { mode: 0o600 });
  const { pid, port } = postmaster;
  return {
    url: `postgresql://${SUPERUSER}:${passwordOf(dataDir)}@${ADDRESS}:${port}/postgres`,
    port,
    pid,
    dataDir,
    adopted,
    stop: async () => {
      if (starterOf(dataDir) !== null) return;
      await shutDown(postmaster);
    },
  };
}

/** The program that is answerable for the server, if it is another one and lives; else null. */
function starterOf(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDir, STARTER_FILE), "utf8"));
    if (pid === process.pid) return null;
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? -1 : null;
  }
}
