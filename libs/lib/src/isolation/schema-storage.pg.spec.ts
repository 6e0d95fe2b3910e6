import { Stratum, withTenantContext, type Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { useHardenedLogin } from "../../../../test/support/use-hardened";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const INSERT = "insert into orders (note) values ($1)";
const NOTES = "select note from orders order by note";
const schemaOf = ({ id }: Tenant): string => `tenant_${id.replaceAll("-", "")}`;

describe("a schema of a tenant's own", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const login = useHardenedLogin(t);
  const create = (name: string, parent_id: string | null = null) =>
    t.stratum.createTenant({ name, parent_id, isolation_strategy: "SCHEMA_PER_TENANT" });
  const run = async <Row>(tenant: Tenant, text: string, values: unknown[] = []) =>
    withTenantContext(
      await t.stratum.tenantPool(),
      tenant.id,
      async (client) => (await client.query(text, values)).rows as Row[],
    );
  const schemas = async (): Promise<string[]> =>
    (
      await t.rows<{ name: string }>(
        "select nspname as name from pg_namespace where nspname like 'tenant\\_%' order by 1",
      )
    ).map(({ name }) => name);

  it("is there with the tenant, and has its rows, which no other tenant sees", async () => {
    const [own, other, shared] = [
      await create("own"),
      await create("other"),
      await t.stratum.createTenant({ name: "shared" }),
    ];
    for (const tenant of [own, other, shared]) await run(tenant, INSERT, [tenant.name]);
    for (const tenant of [own, other, shared]) {
      expect(await run(tenant, NOTES)).toEqual([{ note: tenant.name }]);
    }
    expect(await t.rows(`select tenant_id, note from "${schemaOf(own)}".orders`)).toEqual([
      { tenant_id: own.id, note: "own" },
    ]);
    expect(await t.rows("select note from public.orders")).toEqual([{ note: "shared" }]);
  });

  it("is protected by its policies too: another tenant's context has no rows there, nor writes any", async () => {
    const [own, other] = [await create("guarded"), await create("intruder")];
    await run(own, INSERT, ["secret"]);
    const foreign = `"${schemaOf(own)}".orders`;
    expect(await run(other, `select note from ${foreign}`)).toEqual([]);
    expect(
      await codeOf(
        run(other, `insert into ${foreign} (tenant_id, note) values ($1, 'x')`, [own.id]),
      ),
    ).toBe("42501");
    // Rows of the intruder's own pass the policies, and would be in nobody's export and purge.
    for (const tenant_id of ["default", `'${other.id}'`]) {
      const text = `insert into ${foreign} (tenant_id, note) values (${tenant_id}, 'mine')`;
      expect(await codeOf(run(other, text))).toBe("23514");
    }
    expect(await t.rows(`select note from ${foreign}`)).toEqual([{ note: "secret" }]);
    const created = `create table "${schemaOf(own)}".mine (id int)`;
    expect(await codeOf(run(own, created))).toBe("STATEMENT_FORBIDDEN");
    // The database refuses it too, to a tenant's login whose statements nobody looks at.
    expect(await codeOf(login().query(created))).toBe("42501");
  });

  it("is warned of where a table of it lets rows of others in, with what mends it", async () => {
    const [own, other] = [await create("unbound"), await create("squatter")];
    const table = `${schemaOf(own)}.orders`;
    await t.rows(`alter table ${table} drop constraint stratum_placement`);
    const warnings = async () =>
      (await t.stratum.proveIsolation({ attacks: false })).warnings.filter(
        ({ check }) => check === "placement",
      );
    const [warning, ...others] = await warnings();
    expect([warning!.object, others]).toEqual([table, []]);
    await t.rows(warning!.statement);
    expect(await warnings()).toEqual([]);
    expect(await codeOf(run(other, `insert into ${table} (note) values ('x')`))).toBe("23514");
    await run(own, INSERT, ["mine"]);
    expect(await t.stratum.provisionTenant(own.id)).toMatchObject({ id: own.id });
  });

  it("is the parent's choice for its children, unless they choose another one", async () => {
    const parent = await create("parent");
    const child = await t.stratum.createTenant({ name: "child", parent_id: parent.id });
    const sharing = await t.stratum.createTenant({
      ...{ name: "sharing", parent_id: parent.id, isolation_strategy: "SHARED_RLS" },
    });
    expect(child.isolation_strategy).toBe("SCHEMA_PER_TENANT");
    const names = await schemas();
    expect([child, sharing].map((each) => names.includes(schemaOf(each)))).toEqual([true, false]);
  });

  it("goes by the tenant's id: slugs that begin alike are kept apart, and a new slug changes nothing", async () => {
    const slug = "s".repeat(60);
    const [first, second] = await Promise.all(
      ["a", "b"].map((end) =>
        t.stratum.createTenant({
          ...{ name: end, slug: `${slug}${end}`, isolation_strategy: "SCHEMA_PER_TENANT" },
        }),
      ),
    );
    await run(first!, INSERT, ["of the first"]);
    expect(await run(second!, NOTES)).toEqual([]);
    await t.stratum.updateTenant(first!.id, { slug: "renamed" });
    expect(await run(first!, NOTES)).toEqual([{ note: "of the first" }]);
  });

  it("is made for each tenant of a batch, as many as their tables allow", async () => {
    const items = (n: number) =>
      Array.from({ length: n }, (_, i) => ({
        ...{ name: `batched ${i}`, isolation_strategy: "SCHEMA_PER_TENANT" as const },
      }));
    const { created } = await t.stratum.batchCreateTenants(items(5));
    const names = await schemas();
    expect(created.every((tenant) => names.includes(schemaOf(tenant)))).toBe(true);
    expect(await codeOf(t.stratum.batchCreateTenants(items(67)))).toBe("VALIDATION_ERROR");
    expect(await schemas()).toEqual(names);
  });

  it("is not there where the creation fails, nor is the tenant", async () => {
    const before = await schemas();
    const refused = t.stratum.batchCreateTenants([
      { name: "fine", isolation_strategy: "SCHEMA_PER_TENANT" },
      { name: "refused", slug: "renamed" },
    ]);
    expect((await refused).errors).toHaveLength(1);
    expect(await schemas()).toEqual(before);
  });

  it("has reference tables as they are, which its tenant reads and refers to", async () => {
    await t.rows("insert into public.priorities values (1, 'high')");
    const tenant = await create("referring");
    expect(await run(tenant, "select label from priorities")).toEqual([{ label: "high" }]);
    await run(tenant, "insert into orders (note, priority) values ('urgent', 1)");
    expect(await codeOf(run(tenant, "update priorities set label = 'low'"))).toBe("42501");
  });

  it("goes with its tenant: purge drops it, and the certificate counts what was in it", async () => {
    const tenant = await create("doomed");
    const shared = await t.stratum.createTenant({
      ...{ name: "below", parent_id: tenant.id, isolation_strategy: "SHARED_RLS" },
    });
    await run(tenant, INSERT, ["one"]);
    await run(tenant, INSERT, ["two"]);
    await run(shared, INSERT, ["three"]);
    const { deleted } = await t.stratum.purgeTenant(tenant.id, { subtree: true });
    expect(deleted).toMatchObject({ schemas: 1, "tables.orders": 3 });
    expect(await schemas()).not.toContain(schemaOf(tenant));
    expect(await t.rows("select from public.orders where tenant_id = $1", [shared.id])).toEqual([]);
  });

  it("leaves nothing prepared on the connection that made, exported and dropped it", async () => {
    const pool = t.database.newPool({ max: 1 });
    const stratum = new Stratum({ pool, tenantTables: DECLARED, worker: false });
    const { id } = await stratum.createTenant({
      ...{ name: "passing", isolation_strategy: "SCHEMA_PER_TENANT" },
    });
    await stratum.exportTenantData(id);
    await stratum.purgeTenant(id);
    const { rows } = await pool.query<{ statement: string }>(
      "select statement from pg_prepared_statements",
    );
    expect(rows.length).toBeGreaterThan(0);
    const ofOne = /tenant_[0-9a-f]{32}|^(create|drop|grant|revoke)/;
    expect(rows.filter(({ statement }) => ofOne.test(statement))).toEqual([]);
    await stratum.close();
  });

  it("is exported: its rows, and those of who shares its tables, under the same names", async () => {
    const own = await create("exported");
    const shared = await t.stratum.createTenant({ name: "exported too" });
    for (const tenant of [own, shared]) {
      await run(tenant, INSERT, [`of ${tenant.name}`]);
      const { manifest, ...parts } = await t.stratum.exportTenantData(tenant.id);
      expect(parts["tables.orders"]).toMatchObject([
        { tenant_id: tenant.id, note: `of ${tenant.name}` },
      ]);
      expect(manifest.parts["tables.orders"]?.rows).toBe(1);
      expect(manifest.parts["tables.customers"]?.rows).toBe(0);
      expect(Object.keys(manifest.parts)).not.toContain("tables.priorities");
    }
  });

  it("is missed by name where it is gone: nothing is found in the schema of all instead", async () => {
    const tenant = await create("lost");
    await t.rows(`drop schema "${schemaOf(tenant)}" cascade`);
    const pool = await t.stratum.tenantPool();
    const missing = {
      code: "TENANT_STORAGE_MISSING",
      details: { tenant_id: tenant.id, storage: `schema ${schemaOf(tenant)}` },
    };
    await expect(t.stratum.runInTenant(tenant.id, () => pool.query(NOTES))).rejects.toMatchObject(
      missing,
    );
    await expect(run(tenant, INSERT, ["nowhere"])).rejects.toMatchObject(missing);
    expect(await t.rows("select from public.orders where note = 'nowhere'")).toEqual([]);
    const there = await create("there");
    expect(await codeOf(run(there, "select from nothing"))).toBe("42P01");
    expect(await run(tenant, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("has the same tables as the schema that tenants share: columns, policies, indexes, keys and grants", async () => {
    const tenant = await create("alike");
    const shapeOf = async (schema: string) =>
      t.rows(
        `select c.relname as name, c.relrowsecurity, c.relforcerowsecurity,
           (select array_agg(a.attname || format_type(a.atttypid, a.atttypmod) || a.attnotnull
              || coalesce(pg_get_expr(d.adbin, d.adrelid), '') order by a.attnum)
            from pg_attribute a left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where a.attrelid = c.oid and a.attnum > 0) as columns,
           (select array_agg(concat_ws(' ', polname, polpermissive, polcmd, polroles::regrole[],
              pg_get_expr(polqual, c.oid), pg_get_expr(polwithcheck, c.oid)) order by polname)
            from pg_policy where polrelid = c.oid) as policies,
           (select array_agg(replace(pg_get_indexdef(indexrelid), $1 || '.', '') order by indexrelid::regclass::text)
            from pg_index where indrelid = c.oid) as indexes,
           (select array_agg(replace(pg_get_constraintdef(oid), $1 || '.', '') order by conname)
            from pg_constraint where conrelid = c.oid and conname <> 'stratum_placement') as constraints,
           (select array_agg(acl::text order by acl::text) from unnest(c.relacl) as acl) as grants
         from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'r' order by 1`,
        [schema],
      );
    const shared = await shapeOf("public");
    expect(shared).toHaveLength(DECLARED.length);
    expect(await shapeOf(schemaOf(tenant))).toEqual(shared);
  });
});
