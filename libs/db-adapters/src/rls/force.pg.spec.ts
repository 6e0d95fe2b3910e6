import { enableRls } from "@stratum-hq/db-adapters";
import type { PoolClient } from "pg";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

const OWNER = "stratum_test_migrating_owner";

describe("FORCE, for who migrates rows", () => {
  const t = useTenantTables();
  let client: PoolClient;

  /** A table of the owner's with rows of two tenants, in a transaction that is rolled back. */
  beforeEach(async () => {
    client = await t.database.pool.connect();
    await client.query(`begin; create role ${OWNER}; set local search_path = public;
      create table moved (id uuid primary key default gen_random_uuid(), tenant_id uuid, n int);
      alter table moved owner to ${OWNER}; grant create, usage on schema public to ${OWNER}`);
    await enableRls(client, "moved");
    await client.query("set local role stratum_maintenance");
    await client.query("insert into moved (tenant_id, n) values ($1, 1), ($2, 1)", [t.a, t.b]);
  });
  afterEach(async () => {
    await client.query("rollback");
    client.release();
  });

  it("stops the owner without a word: an UPDATE touches nothing", async () => {
    await client.query(`set local role ${OWNER}`);
    expect((await client.query("update moved set n = 2")).rowCount).toBe(0);
  });

  it.each([OWNER, "stratum_maintenance"])("stops COPY FROM, by %s too (0A000)", async (role) => {
    await client.query(`set local role ${role}`);
    await expect(client.query("copy moved (n) from stdin")).rejects.toMatchObject({
      code: "0A000",
    });
  });

  it("lets stratum_maintenance change all rows, and load many by INSERT of unnest", async () => {
    expect((await client.query("update moved set n = 2")).rowCount).toBe(2);
    const load = "insert into moved (tenant_id, n) select $1::uuid, n from unnest($2::int[]) as n";
    expect((await client.query(load, [t.a, [1, 2, 3]])).rowCount).toBe(3);
  });
});
