import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";
import { DECLARED } from "../support/declared-tables";

const STRATEGIES = ["SHARED_RLS", "SCHEMA_PER_TENANT", "DB_PER_TENANT"] as const;
const LOGIN = "stratum_test_served";

/** A host that listens for no error of its pools: whatever the server does to their connections is Stratum's. */
async function main(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 4 });
  await prepare(pool, new URL(url).pathname.slice(1));
  const login = Object.assign(new URL(url), { username: LOGIN, password: "x" }).toString();
  const tenantPool = new Pool({ connectionString: login, max: 3 });
  const stratum = new Stratum({ pool, tenantPool, tenantTables: DECLARED, connectionBudget: 3 });
  const tenants = await stratum.tenantPool();
  const ids: string[] = [];
  for (const isolation_strategy of STRATEGIES) {
    ids.push((await stratum.createTenant({ name: "served", isolation_strategy })).id);
  }
  const state = { stopped: false, served: 0, failed: 0 };
  process.on("SIGTERM", () => (state.stopped = true));
  const use = async (id: string, n: number): Promise<void> => {
    await stratum.setConfig(id, "n", { value: n });
    await stratum.runInTenant(id, () => tenants.query("select count(*) from orders"));
    await stratum.runInTenant(id, () =>
      tenants.transaction((client) => client.query("select pg_sleep(0.001)")),
    );
  };
  const serve = async (id: string): Promise<void> => {
    for (let n = 0; !state.stopped; n += 1) {
      await use(id, n).then(
        () => (state.served += 1),
        () => (state.failed += 1),
      );
      // Idle for a moment, now and then for longer.
      await sleep(n % 10 === 0 ? 50 : 1);
    }
  };
  const serving = [...ids, ...ids].map(serve);
  writeSync(1, "serving\n");
  await Promise.all(serving);
  // All connections that broke are found to be so.
  for (let left = 20; left > 0; left -= 1) {
    const again = ids.map((id) => use(id, 0));
    if ((await Promise.allSettled(again)).every(({ status }) => status === "fulfilled")) break;
    if (left === 1) throw new Error("it serves nobody any more");
    await sleep(100);
  }
  writeSync(1, `${JSON.stringify(state)}\n`);
  await stratum.close();
  await Promise.all([pool.end(), tenantPool.end()]);
}

async function prepare(pool: Pool, database: string): Promise<void> {
  const stratum = new Stratum({ pool });
  await stratum.initialize();
  await pool.query(`create role ${LOGIN} login password 'x'`);
  await pool.query(`grant stratum_tenant to ${LOGIN} with inherit true, set true`);
  await pool.query(`revoke temporary on database ${database} from public`);
  await stratum.close();
}

void main(process.argv[2] ?? "");
