import { fork } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { loadOf } from "../http-load";
import type { BenchContext, Workload } from "../harness";

const REQUESTS = 2000;
const CONNECTIONS = 16;
const SECRET = "a secret of thirty-two bytes, or more";

/** A process of its own each: what Stratum asks of Node is not to slow the other one down. */
async function serve(kind: "plain" | "tenant", databaseUrl: string): Promise<number> {
  const env = { ...process.env, BENCH_DATABASE_URL: databaseUrl, BENCH_JWT_SECRET: SECRET };
  const server = fork(join(__dirname, "..", "nest-server.js"), [kind], { env });
  const [port] = (await once(server, "message")) as [number];
  server.unref();
  server.channel?.unref();
  return port;
}

function tokenOf(tenantId: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const text = `${part({ alg: "HS256" })}.${part({ sub: "bench", exp, tenant_id: tenantId })}`;
  return `${text}.${createHmac("sha256", SECRET).update(text).digest("base64url")}`;
}

type Credential = (context: BenchContext) => Promise<Record<string, string>>;

function workload(name: string, what: string, credential: Credential): Workload {
  return {
    name,
    title: `${CONNECTIONS} at once: Nest and Fastify, tenant context by ${what}, no query | no StratumModule`,
    kind: "throughput",
    bound: 0.8,
    prepare: async (context) => {
      const headers = await credential(context);
      const url = context.pool.options.connectionString ?? "";
      const load = async (kind: "plain" | "tenant") =>
        loadOf({
          ...{ port: await serve(kind, url), path: "/ping", headers },
          ...{ requests: REQUESTS, connections: CONNECTIONS },
        });
      const comparison = { pairs: 30, units: REQUESTS };
      return { ours: await load("tenant"), baseline: await load("plain"), ...comparison };
    },
  };
}

export const NEST_WORKLOADS = [
  workload("nest-api-key", "API key", async ({ stratum }) => {
    const { id } = await stratum.createTenant({ name: "bench" });
    return { "x-api-key": (await stratum.createApiKey(id)).plaintext_key };
  }),
  workload("nest-jwt", "JWT", async ({ stratum }) => {
    const { id } = await stratum.createTenant({ name: "bench" });
    return { authorization: `Bearer ${tokenOf(id)}` };
  }),
];
