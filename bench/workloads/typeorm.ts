import { randomUUID } from "node:crypto";
import { TenantPool } from "@stratum-hq/db-adapters";
import { TenantDataSource } from "@stratum-hq/db-adapters/typeorm";
import type { Pool } from "pg";
import { DataSource, EntitySchema } from "typeorm";
import type { Workload } from "../harness";
import { AT_ONCE, atOnce, EACH, seedItems, signerFor } from "../items";

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

const findOneBy: Workload = {
  name: "typeorm-find-one",
  title: `repository findOneBy in tenant context, ${AT_ONCE} at once | TypeORM findOneBy, no context, no RLS`,
  kind: "time",
  bound: 1.3,
  prepare: async ({ pool }) => {
    const tenants = Array.from({ length: 200 }, () => randomUUID());
    await seedItems(pool, tenants, ROWS);
    const tenantPool = new TenantPool({ pool, signer: await signerFor(pool) });
    const [scoped, plain] = [entity("items"), entity("plain_items")];
    const source = await new TenantDataSource(tenantPool, { entities: [scoped] }).initialize();
    const ours = source.getRepository(scoped);
    const baseline = (await plainSource(pool, plain)).getRepository(plain);
    return {
      ours: atOnce(tenants, (tenant, id) =>
        tenantPool.scope.run(tenant, () => ours.findOneBy({ id })),
      ),
      baseline: atOnce(tenants, (tenantId, id) => baseline.findOneBy({ tenantId, id })),
      pairs: 40,
      units: AT_ONCE * EACH,
    };
  },
};

export const TYPEORM_WORKLOADS: readonly Workload[] = [findOneBy];
