import { spawn } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SYSTEM_DIRECTORY, type Binaries } from "./binaries";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { canReach, type ServerUser } from "./server-user";

/** The major release that the binaries are of. */
const MAJOR = "18";
const PASSWORD_FILE = "stratum_password";
/** The superuser of the cluster. */
export const SUPERUSER = "stratum";

/** Where the data goes: as asked, or where the server's user can reach it when root asks for less. */
export function placeOf(dataDir: string, user: ServerUser | null): string {
  const wanted = resolve(dataDir);
  if (user === null || canReach(wanted, user)) return wanted;
  const name = createHash("sha256").update(wanted).digest("hex").slice(0, 16);
  return join(SYSTEM_DIRECTORY, "data", name);
}

/** The superuser's password, made with the cluster and readable by its owner alone. */
export function passwordOf(dataDir: string): string {
  return readFileSync(join(dataDir, PASSWORD_FILE), "utf8").trim();
}

/** The version file's text; null where there is no cluster yet. */
function versionOf(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, "PG_VERSION"), "utf8").trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new EmbeddedPostgresError(
      "DATA_DIRECTORY_UNUSABLE",
      `${dataDir} cannot be read. Run as the user that owns it, or pass another dataDir.`,
      "",
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
    throw new EmbeddedPostgresError(
      "DATA_DIRECTORY_UNUSABLE",
      `${dataDir} belongs to another user. Run as that user, or pass another dataDir.`,
    );
  }
}

async function requireEmpty(dataDir: string): Promise<void> {
  const content = await readdir(dataDir).catch(() => []);
  if (content.length === 0) return;
  throw new EmbeddedPostgresError(
    "DATA_DIRECTORY_UNUSABLE",
    `${dataDir} has files and is no PostgreSQL data directory. Pass another dataDir.`,
  );
}

/**
 * Makes sure that there is a cluster. A new one is made beside its place and renamed into it, so that
 * nobody finds half of one and, of two programs, one wins.
 *
 * @throws EmbeddedPostgresError DATA_DIRECTORY_UNUSABLE, DATA_DIRECTORY_VERSION, START_FAILED
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  user: ServerUser | null,
): Promise<void> {
  if (versionOf(dataDir) === null) {
    await requireEmpty(dataDir);
    await createCluster(dataDir, binaries, user);
  }
  requireOurs(dataDir);
}

async function createCluster(
  dataDir: string,
  binaries: Binaries,
  user: ServerUser | null,
): Promise<void> {
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o755 });
  const draft = `${dataDir}.${randomUUID()}`;
  mkdirSync(draft, { mode: 0o700 });
  if (user !== null) chownSync(draft, user.uid, user.gid);
  const password = `${draft}.password`;
  try {
    writeFileSync(password, randomBytes(24).toString("base64url"), { mode: 0o600 });
    if (user !== null) chownSync(password, user.uid, user.gid);
    await initdb(draft, password, binaries, user);
    await rename(password, join(draft, PASSWORD_FILE));
    await rename(draft, dataDir);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    await rm(password, { force: true });
    if (versionOf(dataDir) === null) throw error;
  }
}

async function initdb(
  dataDir: string,
  passwordFile: string,
  binaries: Binaries,
  user: ServerUser | null,
): Promise<void> {
  const options = [
    ["--pgdata", dataDir],
    ["--username", SUPERUSER],
    ["--pwfile", passwordFile],
    ["--auth", "scram-sha-256"],
    ["--encoding", "UTF8"],
    ["--locale", "C"],
  ].flat();
  const { output, status } = await run(binaries.initdb, [...options, "--no-instructions"], user);
  if (status === 0) return;
  throw new EmbeddedPostgresError(
    "START_FAILED",
    `initdb could not make a cluster in ${dataDir}. Check free space and permissions.`,
    output.slice(-2000),
  );
}

function run(
  program: string,
  options: readonly string[],
  user: ServerUser | null,
): Promise<{ output: string; status: number | null }> {
  return new Promise((done) => {
    const child = spawn(program, options, {
      ...user,
      cwd: "/",
      env: { ...process.env, LC_ALL: "C" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.on("error", (error) => done({ output: String(error), status: null }));
    child.on("close", (status) => done({ output, status }));
  });
}
