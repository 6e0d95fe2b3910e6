import { randomUUID } from "node:crypto";
import { TenantPool, withTenantContext, type TenantPoolOptions } from "@stratum-hq/db-adapters";
import { Pool, type PoolClient } from "pg";
import type { BenchContext, Comparison, Work, Workload } from "../harness";
import { AT_ONCE, atOnce, EACH, seedItems, signerFor } from "../items";

const TENANTS = 200;
/** Fewer for a quick look: STRATUM_BENCH_ROWS=200000. */
const ROWS = Number(process.env["STRATUM_BENCH_ROWS"] ?? 1_000_000);
const ROWS_EACH = 1000;
const PAGE = 100;

interface Seeded {
  readonly tenants: readonly string[];
  readonly tenantPool: (options?: Partial<TenantPoolOptions>) => TenantPool;
}

async function seed(pool: Pool, rows: number, count = TENANTS): Promise<Seeded> {
  const tenants = Array.from({ length: count }, () => randomUUID());
  await seedItems(pool, tenants, rows);
  const signer = await signerFor(pool);
  return { tenants, tenantPool: (options) => new TenantPool({ pool, signer, ...options }) };
}

const BY_KEY = "select id, note from items where id = $1";
const PLAIN_BY_KEY = "select id, note from public.plain_items where tenant_id = $1 and id = $2";
const POLICED_BY_KEY = "select id, note from public.plain_items where id = $1";

function scoped({ tenants, tenantPool }: Seeded, options?: Partial<TenantPoolOptions>): Work {
  const pool = tenantPool(options);
  return atOnce(tenants, (tenant, n) => pool.scope.run(tenant, () => pool.query(BY_KEY, [n])));
}

function bare(pool: Pool, { tenants }: Seeded, named: boolean): Work {
  const name = named ? { name: "by_key" } : {};
  return atOnce(tenants, (tenant, n) =>
    pool.query({ ...name, text: PLAIN_BY_KEY, values: [tenant, n] }),
  );
}

/** A login that a policy by hand holds for, which believes an unsigned setting. */
async function policedByHand(pool: Pool): Promise<Pool> {
  await pool.query(`create role bench_app login password 'x';
    grant select on public.plain_items to bench_app;
    alter table public.plain_items enable row level security;
    create policy by_hand on public.plain_items using (tenant_id = current_setting('app.tenant')::uuid)`);
  const url = new URL(pool.options.connectionString ?? "");
  Object.assign(url, { username: "bench_app", password: "x" });
  const policed = new Pool({ connectionString: url.toString(), max: 20 });
  // What the server ends when the database is dropped.
  return policed.on("error", () => undefined);
}

/** As programs do it by hand; what fails here ends the run. */
async function fourRoundTrips(client: PoolClient, tenant: string, n: number): Promise<void> {
  await client.query("begin");
  await client.query("select set_config('app.tenant', $1, true)", [tenant]);
  await client.query({ name: "policed", text: POLICED_BY_KEY, values: [n] });
  await client.query("commit");
  client.release();
}

type Sides = Pick<Comparison, "ours" | "baseline">;

function comparison(
  name: string,
  title: string,
  limits: Pick<Workload, "kind" | "bound">,
  sides: (context: BenchContext, seeded: Seeded) => Sides | Promise<Sides>,
): Workload {
  return {
    name,
    title: `one SELECT by key through the tenant pool, signature checked, ${AT_ONCE} at once${title}`,
    ...limits,
    prepare: async (context) => {
      const seeded = await seed(context.pool, 20_000);
      return { ...(await sides(context, seeded)), pairs: 40, units: AT_ONCE * EACH };
    },
  };
}

const named = comparison(
  "rls-named",
  " | a named prepared pool.query, no RLS",
  { kind: "throughput", bound: 0.6 },
  ({ pool }, seeded) => ({ ours: scoped(seeded), baseline: bare(pool, seeded, true) }),
);

const unnamed = comparison(
  "rls-unnamed",
  ", preparedStatements off | a named prepared pool.query, no RLS",
  { kind: "throughput", bound: 0.4 },
  ({ pool }, seeded) => ({
    ours: scoped(seeded, { preparedStatements: "off" }),
    baseline: bare(pool, seeded, true),
  }),
);

const roundTrips = comparison(
  "rls-round-trips",
  " | BEGIN, set_config unsigned, SELECT under a policy by it, COMMIT",
  { kind: "speedup", bound: 3 },
  async ({ pool }, seeded) => {
    const policed = await policedByHand(pool);
    return {
      ours: scoped(seeded),
      baseline: atOnce(seeded.tenants, async (tenant, n) =>
        fourRoundTrips(await policed.connect(), tenant, n),
      ),
    };
  },
);

const list: Workload = {
  name: "rls-list",
  title: `a list of ${PAGE} rows by index of ${ROWS} rows, ${ROWS_EACH} of each tenant, under RLS | a WHERE by hand, no RLS`,
  kind: "time",
  bound: 1.15,
  prepare: async ({ pool }) => {
    const { tenants, tenantPool } = await seed(pool, ROWS, ROWS / ROWS_EACH);
    const [tenant = ""] = tenants;
    const tenantsPool = tenantPool();
    const page = `select id, note from items where id >= $1 order by id limit ${PAGE}`;
    const byHand = `select id, note from public.plain_items where tenant_id = $1 and id >= $2 order by id limit ${PAGE}`;
    return {
      ours: () =>
        withTenantContext(tenantsPool, tenant, async (scopedClient) => {
          for (let n = 0; n < 50; n += 1) await scopedClient.query(page, [n]);
        }),
      baseline: async () => {
        const own = await pool.connect();
        await own.query("begin");
        for (let n = 0; n < 50; n += 1) {
          await own.query({ name: "by_hand", text: byHand, values: [tenant, n] });
        }
        await own.query("commit");
        own.release();
      },
      pairs: 40,
      units: 50,
    };
  },
};

export const ISOLATION_WORKLOADS: readonly Workload[] = [named, unnamed, roundTrips, list];
