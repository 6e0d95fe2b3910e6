import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { TenantPool } from "@stratum-hq/db-adapters";
import { Pool } from "pg";
import type { Workload } from "../harness";
import { seedItems, signerFor } from "../items";

/** Microseconds each way: a millisecond for a round trip. */
const ONE_WAY = 500;
const EACH = 50;

/** A pool of one connection to the same database, through a proxy that delays what it passes on. */
async function delayed(pool: Pool): Promise<Pool> {
  const url = new URL(pool.options.connectionString ?? "");
  const proxy = fork(join(__dirname, "../delay-proxy.js"), [url.port, String(ONE_WAY)]);
  const [port] = (await once(proxy, "message")) as [number];
  proxy.unref();
  proxy.channel?.unref();
  Object.assign(url, { hostname: "127.0.0.1", port: String(port) });
  const far = new Pool({ connectionString: url.toString(), max: 1 });
  // What the server ends when the database is dropped.
  return far.on("error", () => undefined);
}

const latency: Workload = {
  name: "rls-latency",
  title: `one SELECT by key through the tenant pool, signature checked, one at a time, ${2 * ONE_WAY} us of network | a named prepared pool.query, no RLS`,
  kind: "time",
  bound: 1.1,
  prepare: async ({ pool }) => {
    const tenant = randomUUID();
    await seedItems(pool, [tenant], 20_000);
    const far = await delayed(pool);
    const tenants = new TenantPool({ pool: far, signer: await signerFor(pool) });
    const plain = "select id, note from public.plain_items where tenant_id = $1 and id = $2";
    return {
      ours: async () => {
        for (let n = 0; n < EACH; n += 1) {
          await tenants.scope.run(tenant, () =>
            tenants.query("select id, note from items where id = $1", [n]),
          );
        }
      },
      baseline: async () => {
        for (let n = 0; n < EACH; n += 1) {
          await far.query({ name: "by_key", text: plain, values: [tenant, n] });
        }
      },
      pairs: 40,
      units: EACH,
    };
  },
};

export const LATENCY_WORKLOADS: readonly Workload[] = [latency];
