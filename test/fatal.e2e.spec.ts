import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "@stratum-hq/embedded";
import { Client } from "pg";
import { runChild, type Child } from "./support/child";
import { times } from "./support/scale";

const PROGRAM = join(__dirname, "programs", "serve-until-stopped.ts");
const TERMINATING_MS = times(2000, 12_000);
const KILLS = times(3, 20);

/** Every backend but this one's and the server's own processes, each by chance. */
const TERMINATE = `select pg_terminate_backend(pid) from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid() and random() < 0.3`;

describe("a host that listens for no error of its pools", () => {
  let directory: string;
  let server: EmbeddedPostgres;
  let child: Child;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), `stratum-fatal-${randomBytes(3).toString("hex")}-`));
    // As root, the server runs as another user, who has to get through here.
    await chmod(directory, 0o755);
    server = await start();
  });
  afterAll(async () => {
    child.process.kill("SIGKILL");
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(port?: number): Promise<EmbeddedPostgres> {
    const options = { dataDir: join(directory, "data"), fsync: false };
    return startEmbeddedPostgres(port === undefined ? options : { ...options, port });
  }

  /** Kills the postmaster, and starts another one in its place once its backends are gone. */
  async function killPostmaster(): Promise<void> {
    const { pid, port } = server;
    process.kill(pid, "SIGKILL");
    for (let left = 50; ; left -= 1) {
      const again = await start(port).catch((error: unknown) => error as Error);
      if (!(again instanceof Error)) {
        server = again;
        return;
      }
      if (left === 0) throw again;
      await sleep(200);
    }
  }

  async function terminate(): Promise<void> {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const until = Date.now() + TERMINATING_MS;
    while (Date.now() < until) {
      await client.query(TERMINATE);
      await sleep(Math.random() * 20);
    }
    await client.end();
  }

  async function line(): Promise<string> {
    for await (const text of child.lines) return text;
    throw new Error((await child.ended).stderr);
  }

  it(`outlives random terminations and ${KILLS} kills of the postmaster, and serves on`, async () => {
    child = runChild(PROGRAM, [server.url]);
    expect(await line()).toBe("serving");
    await terminate();
    expect(child.process.exitCode).toBeNull();
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Its pools are idle for some of these, and busy for others.
      await sleep(Math.random() * 300);
      await killPostmaster();
    }
    child.process.kill("SIGTERM");
    const state = JSON.parse(await line()) as { served: number; failed: number };
    expect(await child.ended).toEqual({ code: 0, signal: null, stderr: "" });
    expect(state.served).toBeGreaterThan(0);
    expect(state.failed).toBeGreaterThan(0);
  });
});
