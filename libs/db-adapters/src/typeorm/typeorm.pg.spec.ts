import { randomUUID } from "node:crypto";
import { TenantPool, type Placement } from "@stratum-hq/db-adapters";
import { EntityTables, TenantDataSource } from "@stratum-hq/db-adapters/typeorm";
import type { Pool } from "pg";
import { ENTITIES } from "../../../../test/support/entities";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database";
import { typeormContract, type EntitiesUnderTest } from "../../../../test/support/typeorm.contract";
import { installKey, useTenantTables } from "../../../../test/support/use-tenant-tables";

describe("the TypeORM adapter", () => {
  const t = useTenantTables();
  let other: TestDatabase;
  const made = new Map<string, EntitiesUnderTest>();

  /** Creates the tables of the entities in a schema of a database. */
  async function createIn(pool: Pool, schema: string): Promise<Placement> {
    const unbound = new TenantPool({ pool, signer: t.signer });
    const source = await new TenantDataSource(unbound, { entities: ENTITIES }).initialize();
    const client = await pool.connect();
    await client.query("begin");
    await client.query(`create schema if not exists ${schema}`);
    await new EntityTables(source).create(client, schema);
    await client.query("commit");
    client.release();
    return { connections: pool, schema };
  }

  beforeAll(async () => {
    other = await createTestDatabase();
    await installKey(other.pool, t.key);
    const { pool } = t.database;
    const placed: [string, Placement, Placement][] = [
      [
        "rows of shared tables",
        await createIn(pool, "public"),
        { connections: pool, schema: "public" },
      ],
      ["schemas", await createIn(pool, "tenant_a"), await createIn(pool, "tenant_b")],
      ["databases", await createIn(pool, "tenant_c"), await createIn(other.pool, "public")],
    ];
    for (const [name, ofA, ofB] of placed) {
      const [a, b] = [randomUUID(), randomUUID()];
      const placementOf = (id: string) => (id === a ? ofA : ofB);
      made.set(name, { pool: new TenantPool({ pool, signer: t.signer, placementOf }), a, b });
    }
    made.set("one connection", {
      pool: new TenantPool({ pool: t.pool("hardened", { max: 1 }), signer: t.signer }),
      a: randomUUID(),
      b: randomUUID(),
    });
  });
  afterAll(() => other.drop());

  for (const name of ["rows of shared tables", "schemas", "databases", "one connection"]) {
    typeormContract(name, () => made.get(name)!);
  }
});
