import { randomUUID } from "node:crypto";
import { DeclaredTables, TenantPool } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import type { Workload } from "../harness";
import { AT_ONCE, atOnce, EACH, signerFor } from "../items";

const TENANTS = 50;
const ROWS = 400;

const TABLES = new DeclaredTables([
  {
    name: "items",
    create: `create table items (tenant_id uuid not null, id integer not null, note text not null,
      primary key (tenant_id, id))`,
  },
]);

const BY_KEY = "select id, note from items where id = $1";

const schemaOf = (tenant: string): string => `tenant_${tenant.replaceAll("-", "")}`;

/** A schema for each tenant, with its rows in a table under policies, and in one without. */
async function seed(pool: Pool, tenants: readonly string[]): Promise<void> {
  const client = await pool.connect();
  try {
    for (const tenant of tenants) {
      const schema = schemaOf(tenant);
      await client.query(`create schema ${schema}`);
      await TABLES.create(client, schema);
      const rows = "select $1::uuid, n, md5(n::text) from generate_series(0, $2::int - 1) as n";
      await client.query(`insert into ${schema}.items ${rows}`, [tenant, ROWS]);
      await client.query(
        `create table ${schema}.plain_items (like ${schema}.items including indexes)`,
      );
      await client.query(`insert into ${schema}.plain_items select * from ${schema}.items`);
    }
  } finally {
    client.release();
  }
  await pool.query("vacuum analyze");
}

const schemas: Workload = {
  name: "schema-named",
  title: `one SELECT by key through the tenant pool, ${TENANTS} schemas, ${AT_ONCE} at once | a named prepared pool.query in the same schemas, no RLS`,
  kind: "throughput",
  bound: 0.6,
  prepare: async ({ pool }) => {
    const tenants = Array.from({ length: TENANTS }, () => randomUUID());
    await seed(pool, tenants);
    const tenantPool = new TenantPool({
      pool,
      signer: await signerFor(pool),
      placementOf: (tenant) => ({ connections: pool, schema: schemaOf(tenant), isOwn: true }),
    });
    return {
      ours: atOnce(tenants, (tenant, n) =>
        tenantPool.scope.run(tenant, () => tenantPool.query(BY_KEY, [n])),
      ),
      baseline: atOnce(tenants, (tenant, n) => {
        const schema = schemaOf(tenant);
        const text = `select id, note from ${schema}.plain_items where tenant_id = $1 and id = $2`;
        return pool.query({ name: schema, text, values: [tenant, n] });
      }),
      pairs: 40,
      units: AT_ONCE * EACH,
    };
  },
};

export const PLACEMENT_WORKLOADS: readonly Workload[] = [schemas];
