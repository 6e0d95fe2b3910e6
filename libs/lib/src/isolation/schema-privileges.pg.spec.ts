import { randomBytes } from "node:crypto";
import { Stratum, withTenantContext, type Tenant } from "@stratum-hq/lib";
import type { Pool } from "pg";
import { DECLARED } from "../../../../test/support/declared-tables";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database";
import { codeOf } from "../../../../test/support/use-stratum";

type Refusal = { code: string; details: { statement: string } };

describe("storage of tenants, by a login that owns the tables and is no superuser", () => {
  const login = `stratum_test_plain_${randomBytes(5).toString("hex")}`;
  let database: TestDatabase;
  let pool: Pool;
  let stratum: Stratum;

  beforeAll(async () => {
    // The first database of a server that is migrated makes the roles.
    await (await createTestDatabase()).drop();
    database = await createTestDatabase({ migrated: false });
    await database.pool.query(`
      create role ${login} login password 'x';
      create extension ltree with schema public;
      create schema stratum authorization ${login};
      grant stratum_tenant to ${login} with inherit true, set true;
      grant stratum_maintenance to ${login} with inherit false, set true;
      grant stratum_audit, stratum_context, stratum_subtree to ${login} with admin true, inherit false, set false`);
    const url = new URL(database.url);
    Object.assign(url, { username: login, password: "x" });
    pool = database.newPool({ connectionString: url.toString() });
    stratum = new Stratum({ pool, tenantTables: DECLARED });
  });
  afterAll(async () => {
    await stratum.close();
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1",
      [login],
    );
    await database.pool.query(`drop owned by ${login} cascade; drop role ${login}`);
    await database.drop();
  });

  const refusalOf = async (call: Promise<unknown>): Promise<Refusal> =>
    call.then(
      () => ({ code: "ok", details: { statement: "" } }),
      (error: Refusal) => error,
    );
  const add = async (tenant: Tenant) =>
    withTenantContext(await stratum.tenantPool(), tenant.id, (client) =>
      client.query("insert into orders (note) values ('mine')"),
    );
  const create = (isolation_strategy: Tenant["isolation_strategy"]) =>
    stratum.createTenant({ name: isolation_strategy, isolation_strategy });

  it("is refused where it may not create tables, with the grant that it lacks", async () => {
    const { code, details } = await refusalOf(stratum.initialize());
    expect(code).toBe("STORAGE_PRIVILEGE_MISSING");
    expect(details.statement).toBe(`grant create, usage on schema public to ${login}`);
    await database.pool.query(details.statement);
    expect(await codeOf(stratum.initialize())).toBe("ok");
  });

  it("is refused where it may not create schemas, with the grant, and leaves no tenant", async () => {
    const { code, details } = await refusalOf(create("SCHEMA_PER_TENANT"));
    expect(code).toBe("STORAGE_PRIVILEGE_MISSING");
    expect(details.statement).toBe(`grant create on database ${database.name} to ${login}`);
    expect((await stratum.listTenants()).data).toEqual([]);
    await database.pool.query(details.statement);
    expect(await codeOf(create("SCHEMA_PER_TENANT"))).toBe("ok");
  });

  it("is exported and purged, although FORCE hides rows from their owner", async () => {
    for (const strategy of ["SHARED_RLS", "SCHEMA_PER_TENANT"] as const) {
      const tenant = await create(strategy);
      await add(tenant);
      await expect(pool.query("select from public.orders")).rejects.toMatchObject({
        code: "ST001",
      });
      const exported = await stratum.exportTenantData(tenant.id);
      expect(exported["tables.orders"]).toMatchObject([{ note: "mine" }]);
      const { deleted } = await stratum.purgeTenant(tenant.id);
      expect(deleted["tables.orders"]).toBe(1);
    }
    expect((await database.pool.query("select from public.orders")).rowCount).toBe(0);
  });

  it("is never exported as empty by who may not become stratum_maintenance", async () => {
    const tenant = await create("SHARED_RLS");
    await add(tenant);
    await database.pool.query(`revoke stratum_maintenance from ${login}`);
    expect(await codeOf(stratum.exportTenantData(tenant.id))).toBe("MAINTENANCE_ROLE_MISSING");
  });
});
