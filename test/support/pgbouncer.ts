import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "./free-port";

/** PgBouncer in transaction mode, in front of one login of a server. */
export interface PgBouncer {
  /** What the login reaches its database by. */
  readonly url: string;
  stop(): Promise<void>;
}

const PATH = { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` };

/** Whether it is installed; where STRATUM_REQUIRE_PGBOUNCER is 1, it has to be. */
export function hasPgBouncer(): boolean {
  const found = spawnSync("pgbouncer", ["--version"], { env: PATH }).status === 0;
  if (!found && process.env["STRATUM_REQUIRE_PGBOUNCER"] === "1") {
    throw new Error("PgBouncer is not installed: apt-get install pgbouncer");
  }
  return found;
}

/** It refuses to run as root, so root runs it as nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number =>
    Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

/**
 * Starts one. It ends with this process, however that ends.
 *
 * @param login a URL of the server, with the login and its password
 * @param poolSize connections to the server, which all clients share
 */
export async function startPgBouncer(login: string, poolSize: number): Promise<PgBouncer> {
  const server = new URL(login);
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "stratum-pgbouncer-"));
  const config = join(directory, "pgbouncer.ini");
  const target = `host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}`;
  writeFileSync(
    config,
    `[databases]
* = ${target}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 1000
`,
  );
  const user = unprivileged();
  if (user !== undefined) {
    for (const path of [directory, config]) chownSync(path, user.uid, user.gid);
    chmodSync(directory, 0o755);
  }
  // The shell waits until its stdin closes, as it does when this process has gone.
  const script =
    'pgbouncer -q "$0" & bouncer=$!; cat > /dev/null; kill -INT $bouncer; wait $bouncer';
  const child = spawn("sh", ["-c", script, config], {
    ...user,
    env: PATH,
    cwd: directory,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise((done) => child.on("exit", done));
  const url = `postgresql://${user === undefined ? userInfo().username : "nobody"}@127.0.0.1:${port}${server.pathname}`;
  await reachable(url);
  return {
    url,
    stop: async () => {
      child.stdin.end();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function reachable(url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    }
  }
}
