import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, type TenantPool } from "@stratum-hq/lib";
import { DECLARED } from "./support/declared-tables";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const BUDGET = 20;
const TENANTS = times(24, 100);
const CLIENTS = 200;
const REQUESTS = times(5, 20);

describe(`${TENANTS} tenants with databases of their own and ${CLIENTS} clients`, () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const ids: string[] = [];
  const watching = { peak: 0, samples: 0, ends: false };
  let stratum: Stratum;
  let pool: TenantPool;

  /** Sees every connection to the tenants' databases, that of whoever makes them too. */
  async function watch(): Promise<void> {
    while (!watching.ends) {
      const [row] = await t.rows<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname in (
           select 'stratum_' || replace(id::text, '-', '') from stratum.tenants)`,
      );
      watching.peak = Math.max(watching.peak, row!.n);
      watching.samples += 1;
      await sleep(2);
    }
  }

  /** Requests of one client, one after the other: what they were answered. */
  async function client(seed: number): Promise<string[]> {
    const codes: string[] = [];
    for (let n = 0; n < REQUESTS; n += 1) {
      const id = ids[(seed * 31 + n * 17) % ids.length]!;
      const serving = stratum.runInTenant(id, () =>
        pool.transaction(async (tenant) => {
          await tenant.query("insert into orders (note) values ($1)", [`${seed} ${n}`]);
          const { rows } = await tenant.query("select distinct tenant_id from orders");
          return rows;
        }),
      );
      codes.push(
        await serving.then(
          (rows) => (rows.length === 1 && rows[0]!["tenant_id"] === id ? "served" : "foreign"),
          ({ code }: { code: string }) => code,
        ),
      );
    }
    return codes;
  }

  it(`have ${BUDGET} connections at most, and everybody is served or told that there are none`, async () => {
    stratum = new Stratum({ pool: t.pool, tenantTables: DECLARED, connectionBudget: BUDGET });
    pool = await stratum.tenantPool();
    const watcher = watch();
    const items = Array.from({ length: TENANTS }, (_, n) => ({
      ...{ name: `t${n}`, isolation_strategy: "DB_PER_TENANT" as const },
    }));
    const { created } = await stratum.batchCreateTenants(items);
    expect(created.filter(({ status }) => status !== "active")).toEqual([]);
    ids.push(...created.map(({ id }) => id));
    const codes = (await Promise.all(Array.from({ length: CLIENTS }, (_, n) => client(n)))).flat();
    watching.ends = true;
    await watcher;
    const served = codes.filter((code) => code === "served").length;
    const told = codes.filter((code) => code === "CONNECTION_BUDGET_EXHAUSTED").length;
    console.log(
      `${codes.length} requests of ${CLIENTS} clients to ${TENANTS} databases: ${served} served, ${told} told 503; ` +
        `${watching.peak} connections at most in ${watching.samples} looks`,
    );
    expect(served + told).toBe(CLIENTS * REQUESTS);
    expect(served).toBeGreaterThan(0);
    expect(watching.peak).toBeGreaterThan(1);
    expect(watching.peak).toBeLessThanOrEqual(BUDGET);
    await stratum.close();
  });
});
