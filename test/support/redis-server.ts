import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "./free-port";

/** Redis, without anything on disk. */
export interface RedisServer {
  readonly url: string;
  /** Ends it without a goodbye. */
  kill(): Promise<void>;
  /** Starts it again, empty, at the same place. */
  start(): Promise<void>;
}

/** Whether it is installed; where STRATUM_REQUIRE_REDIS is 1, it has to be. */
export function hasRedis(): boolean {
  const found = spawnSync("redis-server", ["--version"]).status === 0;
  if (!found && process.env["STRATUM_REQUIRE_REDIS"] === "1") {
    throw new Error("Redis is not installed: apt-get install redis-server");
  }
  return found;
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return;
    } catch {
      await sleep(20);
    } finally {
      client.disconnect();
    }
  }
}

/** Starts one on a port of its own. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    url,
    kill: async () => {
      const ended = new Promise((done) => child?.once("exit", done));
      if (child?.kill("SIGKILL") === true) await ended;
    },
    start: async () => {
      const options = ["--port", String(port), "--save", "", "--appendonly", "no"];
      child = spawn("redis-server", options, { stdio: "ignore" });
      await answers(url);
    },
  };
  await server.start();
  return server;
}
