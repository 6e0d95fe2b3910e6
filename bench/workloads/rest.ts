import { fork, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { loadOf, type Load } from "../http-load";
import type { BenchContext, Workload } from "../harness";

const REQUESTS = 2000;
const CONNECTIONS = 50;
const ROOT = join(__dirname, "..", "..", "..");

/** The control plane as `npm start` runs it, on a database that is there; its origin. */
async function controlPlane(databaseUrl: string, key: string): Promise<URL> {
  const child = spawn(process.execPath, [join(ROOT, "dist", "main.js")], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: "warn",
      PORT: "0",
      RATE_LIMIT: "1000000000",
      STRATUM_BOOTSTRAP_KEY: key,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill());
  child.unref();
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/[^ ]+(?=\/api\/v1)/.exec(line) ?? [];
    if (url !== undefined) return new URL(url);
  }
  throw new Error("The control plane did not start.");
}

/** A route of Fastify's own that answers the same bytes. */
async function bareServer(text: string): Promise<number> {
  const server = fork(join(__dirname, "..", "bare-server.js"), [text]);
  const [port] = (await once(server, "message")) as [number];
  server.unref();
  server.channel?.unref();
  return port;
}

/** What a tenant is given, and which path is asked for. */
type Prepare = (context: BenchContext) => Promise<string>;

function workload(
  name: string,
  what: string,
  bound: number,
  known: boolean,
  prepare: Prepare,
): Workload {
  return {
    name,
    title: `${CONNECTIONS} at once: ${what} | a bare Fastify route with the same bytes`,
    kind: "throughput",
    bound,
    prepare: async (context) => {
      const path = await prepare(context);
      const key = `sk_live_${randomBytes(32).toString("base64url")}`;
      const plane = await controlPlane(context.pool.options.connectionString ?? "", key);
      const response = await fetch(new URL(path, plane), { headers: { "X-API-Key": key } });
      const tag = response.headers.get("etag") ?? "";
      const common = { requests: REQUESTS, connections: CONNECTIONS };
      const ours: Load = {
        ...common,
        port: Number(plane.port),
        path,
        headers: { "x-api-key": key, ...(known ? { "if-none-match": tag } : {}) },
        ...(known ? { status: 304 } : {}),
      };
      const port = await bareServer(await response.text());
      const baseline: Load = { ...common, port, path: "/", headers: { "x-api-key": key } };
      return {
        ours: await loadOf(ours),
        baseline: await loadOf(baseline),
        pairs: 20,
        units: REQUESTS,
      };
    },
  };
}

async function tenantWithConfig({ stratum }: BenchContext): Promise<string> {
  const { id } = await stratum.createTenant({ name: "bench" });
  const entries = Array.from({ length: 20 }, (_, n) => ({ key: `key_${n}`, value: `value ${n}` }));
  await stratum.batchSetConfig(id, entries);
  return id;
}

const config: Prepare = async (context) =>
  `/api/v1/tenants/${await tenantWithConfig(context)}/config`;
const tenant: Prepare = async (context) => `/api/v1/tenants/${await tenantWithConfig(context)}`;

export const REST_WORKLOADS = [
  workload("rest-config", "GET config of 20 keys, warm, API key", 0.5, false, config),
  workload("rest-config-known", "the same with If-None-Match", 0.6, true, config),
  workload("rest-tenant", "GET tenant, API key", 0.5, false, tenant),
];
