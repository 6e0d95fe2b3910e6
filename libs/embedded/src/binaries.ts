import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { readFileSync, symlinkSync } from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { canReach, type ServerUser } from "./server-user";

/** The programs, wherever the server's user can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** What root's servers need and a home directory may hide: see {@link reachable}. */
export const SYSTEM_DIRECTORY = "/var/lib/stratum";

function packageName(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

function installedRoot(): string {
  try {
    // The package's only export is <root>/dist/index.js.
    return dirname(dirname(require.resolve(packageName())));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "BINARIES_MISSING",
      `No PostgreSQL is installed for ${process.platform} ${process.arch}. Install ${packageName()}, ` +
        "and leave optional dependencies on (no --omit=optional).",
      "",
      cause,
    );
  }
}

/**
 * Creates the libraries' symlinks, which npm packages cannot carry: the package lists them and creates
 * them when it is installed, unless scripts are off. False where the folder cannot be written.
 */
function completeSymlinks(root: string): boolean {
  const listed = readFileSync(join(root, "native", "pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const path = join(root, target);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
  }
  return true;
}

function runs(root: string, user: ServerUser | null): boolean {
  const share = join(root, "native", "share");
  if (user !== null && !canReach(share, user)) return false;
  const { status } = spawnSync(join(root, "native", "bin", "postgres"), ["--version"], {
    ...user,
    cwd: "/",
    stdio: "ignore",
  });
  return status === 0;
}

function cacheDirectory(root: string, user: ServerUser | null): string {
  const version = createHash("sha256")
    .update(readFileSync(join(root, "package.json")))
    .digest("hex")
    .slice(0, 12);
  const base =
    user === null
      ? (process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"))
      : dirname(SYSTEM_DIRECTORY);
  return join(base, "stratum", `postgres-${version}`);
}

/** A copy that the server's user can run, in a folder that only this process's user can write. */
function copyOf(root: string, user: ServerUser | null): string {
  const copy = cacheDirectory(root, user);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${randomUUID()}`;
  mkdirSync(draft, { recursive: true, mode: 0o755 });
  cpSync(root, draft, { recursive: true, verbatimSymlinks: true });
  completeSymlinks(draft);
  if (user !== null) makeReadable(draft);
  try {
    renameSync(draft, copy);
  } catch (error) {
    // Another process was faster; its copy is the same.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

function makeReadable(directory: string): void {
  for (
    let path = directory;
    path !== "/" && path !== dirname(SYSTEM_DIRECTORY);
    path = dirname(path)
  ) {
    chmodSync(path, 0o755);
  }
  spawnSync("chmod", ["-R", "a+rX", directory]);
}

/**
 * Finds the binaries of this platform's npm package; copies them where the server's user cannot run
 * them in place: below a home directory of mode 0700, or without symlinks in a read-only folder.
 *
 * @throws EmbeddedPostgresError BINARIES_MISSING
 */
export function findBinaries(user: ServerUser | null): Binaries {
  const installed = installedRoot();
  const usable = completeSymlinks(installed) && runs(installed, user);
  const bin = join(usable ? installed : copyOf(installed, user), "native", "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres") };
}
