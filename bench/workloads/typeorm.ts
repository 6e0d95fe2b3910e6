import { randomBytes, randomUUID } from "node:crypto";
import { ContextKey, ContextSigner, enableRls, TenantPool } from "@stratum-hq/db-adapters";
import { TenantDataSource } from "@stratum-hq/db-adapters/typeorm";
import type { Pool } from "pg";
import { DataSource, EntitySchema } from "typeorm";
import type { Workload } from "../harness";

const AT_ONCE = 16;
const EACH = 25;
const ROWS = 20_000;

interface Item {
  readonly id: number;
  readonly tenantId: string;
  readonly note: string;
}

const entity = (tableName: string): EntitySchema<Item> =>
  new EntitySchema<Item>({
    name: tableName,
    tableName,
    columns: {
      tenantId: { type: "uuid", name: "tenant_id", primary: true },
      id: { type: "int", primary: true },
      note: { type: "text" },
    },
  });

/** TypeORM over the pool as it is. */
function plainSource(pool: Pool, item: EntitySchema<Item>): Promise<DataSource> {
  const driver = {
    Pool: function () {
      return pool;
    },
  };
  return new DataSource({
    type: "postgres",
    driver,
    entities: [item],
    installExtensions: false,
  }).initialize();
}

async function seed(pool: Pool, tenants: readonly string[]): Promise<TenantPool> {
  const key = new ContextKey(randomBytes(32));
  const { id, innerPad, outerPad } = key.copy();
  await pool.query("select stratum.install_context_key($1, $2, $3)", [id, innerPad, outerPad]);
  for (const table of ["public.items", "public.plain_items"]) {
    await pool.query(`create table ${table} (
      tenant_id uuid not null, id integer not null, note text not null, primary key (tenant_id, id))`);
    await pool.query(
      `insert into ${table} select ($1::uuid[])[1 + n % $2], n / $2, md5(n::text) from generate_series(0, $3 - 1) as n`,
      [tenants, tenants.length, ROWS],
    );
  }
  const client = await pool.connect();
  try {
    await enableRls(client, "items");
  } finally {
    client.release();
  }
  await pool.query("vacuum analyze public.items, public.plain_items");
  return new TenantPool({ pool, signer: new ContextSigner(key) });
}

const findOneBy: Workload = {
  name: "typeorm-find-one",
  title: `repository findOneBy in tenant context, ${AT_ONCE} at once | TypeORM findOneBy, no context, no RLS`,
  kind: "time",
  bound: 1.3,
  prepare: async ({ pool }) => {
    const tenants = Array.from({ length: 200 }, () => randomUUID());
    const tenantPool = await seed(pool, tenants);
    const [scoped, plain] = [entity("items"), entity("plain_items")];
    const source = await new TenantDataSource(tenantPool, { entities: [scoped] }).initialize();
    const ours = source.getRepository(scoped);
    const baseline = (await plainSource(pool, plain)).getRepository(plain);
    const atOnce = (one: (tenantId: string, id: number) => Promise<unknown>) => () =>
      Promise.all(
        Array.from({ length: AT_ONCE }, async (_, loop) => {
          for (let n = 0; n < EACH; n += 1) {
            await one(tenants[(loop * EACH + n) % tenants.length] as string, n);
          }
        }),
      );
    return {
      ours: atOnce((tenant, id) => tenantPool.scope.run(tenant, () => ours.findOneBy({ id }))),
      baseline: atOnce((tenantId, id) => baseline.findOneBy({ tenantId, id })),
      pairs: 40,
      units: AT_ONCE * EACH,
    };
  },
};

export const TYPEORM_WORKLOADS: readonly Workload[] = [findOneBy];
