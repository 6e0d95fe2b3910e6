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
import type { Pool } from "pg";
import type { Work, Workload } from "../harness";
import { AT_ONCE, EACH } from "../items";

const TENANTS = 4;
const ROWS = 400;

const BY_KEY = "select id, note from items where id = $1";
const PLAIN_BY_KEY = "select id, note from public.plain_items where id = $1";

/** A database for each tenant, with the same rows as a table without policies; the tenants' ids. */
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
  await pool.query("create table public.plain_items (id integer primary key, note text not null)");
  await pool.query(`insert into public.plain_items ${rows}`);
  await pool.query("vacuum analyze public.plain_items");
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
  title: `one SELECT by key through the tenant pool, ${TENANTS} databases, ${AT_ONCE} at once | a named prepared pool.query, no RLS`,
  kind: "throughput",
  bound: 0.6,
  prepare: async ({ pool }) => {
    const contextKey = randomBytes(32);
    const ids = await seed(pool, contextKey);
    const budget = new ConnectionBudget({ connections: AT_ONCE });
    const placements = new Map(
      ids.map((id) => {
        const database = `stratum_${id.replaceAll("-", "")}`;
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
      baseline: atOnce(ids, (_, n) =>
        pool.query({ name: "by_key", text: PLAIN_BY_KEY, values: [n] }),
      ),
      pairs: 40,
      units: AT_ONCE * EACH,
    };
  },
};

export const DATABASE_WORKLOADS: readonly Workload[] = [databases];
