import { Stratum, withTenantContext, type Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { useHardenedLogin } from "../../../../test/support/use-hardened";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const INSERT = "insert into orders (note) values ($1)";
const NOTES = "select note from orders order by note";
const DB = { isolation_strategy: "DB_PER_TENANT" } as const;

describe("a database of a tenant's own", () => {
  const t = useStratum({ max: 1 }, { tenantTables: DECLARED });
  const login = useHardenedLogin(t);
  const create = (name: string, parent_id: string | null = null): Promise<Tenant> =>
    t.stratum.createTenant({ ...DB, name, parent_id });
  const run = async <Row>(tenant: Tenant, text: string, values: unknown[] = []) =>
    withTenantContext(
      await t.stratum.tenantPool(),
      tenant.id,
      async (client) => (await client.query(text, values)).rows as Row[],
    );
  const nameOf = ({ id }: Tenant): string => `stratum_${id.replaceAll("-", "")}`;
  const isThere = async (tenant: Tenant): Promise<boolean> =>
    (await t.rows("select from pg_database where datname = $1", [nameOf(tenant)])).length === 1;
  const operationsOf = async ({ id }: Tenant) =>
    (await t.stratum.listOperations({ tenant_id: id, type: "provision" })).data;

  it("is there when the tenant is active, and has its rows, which no other tenant sees", async () => {
    const [own, other] = [await create("own"), await create("other")];
    const shared = await t.stratum.createTenant({ name: "shared" });
    expect([own.status, other.status]).toEqual(["active", "active"]);
    for (const tenant of [own, other, shared]) await run(tenant, INSERT, [tenant.name]);
    for (const tenant of [own, other, shared])
      expect(await run(tenant, NOTES)).toEqual([{ note: tenant.name }]);
    expect(await run(own, "select current_database()::text as name")).toEqual([
      { name: nameOf(own) },
    ]);
    expect(await t.rows("select note from public.orders")).toEqual([{ note: "shared" }]);
  });

  it("has the walls of the shared one: another tenant's context has no rows in it", async () => {
    const [own, other] = [await create("guarded"), await create("intruder")];
    await run(own, INSERT, ["secret"]);
    const misplaced = run(own, "insert into orders (tenant_id, note) values ($1, 'x')", [other.id]);
    expect(await codeOf(misplaced)).toBe("42501");
    // Nor has its owner's, whom no policy stops.
    const url = Object.assign(new URL(t.database.url), { pathname: `/${nameOf(own)}` }).toString();
    const owner = t.database.newPool({ connectionString: url, max: 1 });
    const text = "insert into public.orders (tenant_id, note) values ($1, 'x')";
    expect(await codeOf(owner.query(text, [other.id]))).toBe("23514");
    await owner.end();
    const temporary = "create temporary table t (id int)";
    expect(await codeOf(run(own, temporary))).toBe("STATEMENT_FORBIDDEN");
    // The database refuses it too, to a tenant's login whose statements nobody looks at.
    const raw = login({ database: nameOf(own), max: 1 });
    expect(await codeOf(raw.query("select 1"))).toBe("ok");
    expect(await codeOf(raw.query(temporary))).toBe("42501");
    await raw.end();
    expect(await codeOf(run(own, "select * from stratum.context_keys"))).toBe("42501");
    expect(
      await run(
        own,
        "select has_database_privilege('public', current_database(), 'connect') as any",
      ),
    ).toEqual([{ any: false }]);
  });

  it("is made on record: by an operation, and a change of the tenant", async () => {
    const tenant = await create("recorded");
    expect(await operationsOf(tenant)).toMatchObject([
      { state: "succeeded", progress: { done: 4, total: 4 } },
    ]);
    const data = await t.stratum.queryAuditLogs({ tenant_id: tenant.id });
    expect(data.map(({ action }) => action)).toEqual(["tenant.provisioned", "tenant.created"]);
    expect(data[0]).toMatchObject({
      before_state: { status: "provisioning" },
      after_state: { status: "active" },
    });
    expect(await t.stratum.getTenant(tenant.id)).toEqual(tenant);
    expect(tenant.version).toBe(2);
  });

  it("is the parent's choice for its children; a batch becomes active from above", async () => {
    const parent = await create("parent");
    const child = await t.stratum.createTenant({ name: "child", parent_id: parent.id });
    expect(await isThere(child)).toBe(true);
    const { created } = await t.stratum.batchCreateTenants([
      { ...DB, name: "above" },
      { name: "below", parent_index: 0 },
      { name: "sharing", parent_index: 1, isolation_strategy: "SHARED_RLS" },
    ]);
    expect(created.map(({ status }) => status)).toEqual(["active", "active", "active"]);
    const there = await Promise.all(created.map(isThere));
    expect(there).toEqual([true, true, false]);
  });

  it("that is lost is told, and looked for nowhere else; provisionTenant makes an empty one", async () => {
    const tenant = await create("lost");
    await run(tenant, INSERT, ["gone"]);
    await t.rows(`drop database ${nameOf(tenant)} with (force)`);
    for (let n = 0; n < 2; n += 1)
      expect(await codeOf(run(tenant, NOTES))).toBe("TENANT_STORAGE_MISSING");
    expect(await t.stratum.provisionTenant(tenant.id)).toMatchObject({ status: "active" });
    expect(await run(tenant, NOTES)).toEqual([]);
    const before = await operationsOf(tenant);
    expect(await t.stratum.provisionTenant(tenant.id)).toEqual(
      await t.stratum.getTenant(tenant.id),
    );
    expect(await operationsOf(tenant)).toEqual(before);
  });

  it("learns another key when it is first used with that", async () => {
    const tenant = await create("keyed");
    await run(tenant, INSERT, ["kept"]);
    const pool = t.database.newPool({ max: 1 });
    const stratum = new Stratum({ pool, contextKey: "k".repeat(32), tenantTables: DECLARED });
    const tenants = await stratum.tenantPool();
    const { rows } = await withTenantContext(tenants, tenant.id, (client) => client.query(NOTES));
    expect(rows).toEqual([{ note: "kept" }]);
    await stratum.close();
  });

  it("goes with its tenant: purge drops it, whoever is in it, and counts what was in it", async () => {
    const tenant = await create("doomed");
    const child = await create("doomed too", tenant.id);
    for (const each of [tenant, child, child]) await run(each, INSERT, ["row"]);
    const { deleted } = await t.stratum.purgeTenant(tenant.id, { subtree: true });
    expect(deleted).toMatchObject({ databases: 2, "tables.orders": 3, tenants: 2 });
    expect([await isThere(tenant), await isThere(child)]).toEqual([false, false]);
  });

  it("goes with a tenant above it also while its tenant is provisioning", async () => {
    const parent = await t.stratum.createTenant({ name: "above" });
    const below = await Promise.all([1, 2, 3, 4].map((n) => create(`unready ${n}`, parent.id)));
    await t.rows("update stratum.tenants set status = 'provisioning' where parent_id = $1", [
      parent.id,
    ]);
    const { deleted } = await t.stratum.purgeTenant(parent.id, { subtree: true });
    expect(deleted).toMatchObject({ databases: 4, tenants: 5 });
    expect(await Promise.all(below.map(isThere))).toEqual([false, false, false, false]);
    expect(await codeOf(t.stratum.provisionTenant(below[0]!.id))).toBe("TENANT_NOT_FOUND");
  });

  it("is exported: its rows, by the names that they have everywhere", async () => {
    const tenant = await create("exported");
    await run(tenant, INSERT, ["one"]);
    const { manifest, ...parts } = await t.stratum.exportTenantData(tenant.id);
    expect(parts["tables.orders"]).toMatchObject([{ tenant_id: tenant.id, note: "one" }]);
    expect(manifest.parts["tables.customers"]?.rows).toBe(0);
  });
});
