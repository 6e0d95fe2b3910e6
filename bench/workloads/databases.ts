import { randomBytes } from "node:crypto";
import {
  clientOf,
  ConnectionBudget,
  ContextKey,
  ContextSigner,
  optionsOf,
  TenantPool,
} from "@stratum-hq/db-adapters";
import { Stratum } from "@stratum-hq/lib";
import { Pool } from "pg";
import type { Work, Workload } from "../harness";
import { AT_ONCE, EACH } from "../items";

const TENANTS = 4;
const ROWS = 400;

const BY_KEY = "select id, note from items where id = $1";
const PLAIN_BY_KEY = "select id, note from public.plain_items where tenant_id = $1 and id = $2";

const databaseOf = (tenant: string): string => `stratum_${tenant.replaceAll("-", "")}`;

/** A pool for each tenant's database, as programs make them by hand. */
function byHand(pool: Pool, tenants: readonly string[]): Map<string, Pool> {
  const pools = tenants.map((tenant): [string, Pool] => {
    const url = new URL(pool.options.connectionString ?? "");
    url.pathname = `/${databaseOf(tenant)}`;
    const own = new Pool({ connectionString: url.toString(), max: AT_ONCE / TENANTS });
    // The server stops before this process does.
    return [tenant, own.on("error", () => undefined)];
  });
  return new Map(pools);
}

/** A database for each tenant, with its rows in a table under policies, and in one without; the tenants' ids. */
async function seed(pool: Pool, contextKey: Uint8Array): Promise<string[]> {
  const create = `create table items (tenant_id uuid not null, id integer not null, note text not null,
    primary key (tenant_id, id))`;
  const stratum = new Stratum({ pool, contextKey, tenantTables: [{ name: "items", create }] });
  const { created } = await stratum.batchCreateTenants(
    Array.from({ length: TENANTS }, (_, n) => ({
      ...{ name: `t${n}`, isolation_strategy: "DB_PER_TENANT" as const },
    })),
  );
  const tenants = await stratum.tenantPool();
  const rows = `select n, md5(n::text) from generate_series(0, ${ROWS} - 1) as n`;
  for (const { id } of created) {
    await stratum.runInTenant(id, async () => {
      await tenants.query(`insert into items (id, note) ${rows}`);
    });
  }
  await stratum.close();
  return created.map(({ id }) => id);
}

/** Sixteen loops at once, each of them for one of the tenants. */
function atOnce(tenants: readonly string[], one: (tenant: string, n: number) => Promise<unknown>) {
  const loop = async (_: unknown, start: number): Promise<void> => {
    const tenant = tenants[start % tenants.length] as string;
    for (let n = 0; n < EACH; n += 1) await one(tenant, n);
  };
  const work: Work = () => Promise.all(Array.from({ length: AT_ONCE }, loop));
  return work;
}

const databases: Workload = {
  name: "database-named",
  title: `one SELECT by key through the tenant pool, ${TENANTS} databases, ${AT_ONCE} at once | a named prepared pool.query of a pool for each, no RLS`,
  kind: "throughput",
  bound: 0.6,
  prepare: async ({ pool }) => {
    const contextKey = randomBytes(32);
    const ids = await seed(pool, contextKey);
    const budget = new ConnectionBudget({ connections: AT_ONCE });
    const pools = byHand(pool, ids);
    for (const [id, own] of pools) {
      await own.query("create table public.plain_items (like public.items including indexes)");
      await own.query(
        `insert into public.plain_items select $1, n, md5(n::text) from generate_series(0, ${ROWS} - 1) as n`,
        [id],
      );
      await own.query("vacuum analyze");
    }
    const placements = new Map(
      ids.map((id) => {
        const database = databaseOf(id);
        const target = { key: database, client: () => clientOf(optionsOf(pool), database) };
        return [id, { connections: { connect: () => budget.connect(target) }, schema: "public" }];
      }),
    );
    const tenants = new TenantPool({
      pool,
      signer: new ContextSigner(new ContextKey(contextKey)),
      placementOf: (id) => {
        const placement = placements.get(id);
        if (placement === undefined) throw new Error(`no database of tenant ${id}`);
        return placement;
      },
    });
    return {
      ours: atOnce(ids, (id, n) => tenants.scope.run(id, () => tenants.query(BY_KEY, [n]))),
      baseline: atOnce(ids, async (id, n) =>
        pools.get(id)?.query({ name: "by_key", text: PLAIN_BY_KEY, values: [id, n] }),
      ),
      pairs: 40,
      units: AT_ONCE * EACH,
    };
  },
};

export const DATABASE_WORKLOADS: readonly Workload[] = [databases];
