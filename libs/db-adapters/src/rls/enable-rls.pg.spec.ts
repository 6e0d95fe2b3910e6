import { randomUUID } from "node:crypto";
import { enableRls, withTenantContext, type EnableRlsOptions } from "@stratum-hq/db-adapters";
import type { PoolClient } from "pg";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

interface Invalid {
  readonly code: string;
  readonly details: { problems: string[] };
}

describe("enableRls", () => {
  const t = useTenantTables();
  let client: PoolClient;

  beforeEach(async () => {
    client = await t.database.pool.connect();
    // The login's name is a schema's too, which would come first.
    await client.query("set search_path = public");
  });
  afterEach(() => client.release(true));

  async function problemsOf(create: string, options: EnableRlsOptions = {}): Promise<string[]> {
    await client.query("begin");
    try {
      await client.query(create);
      await enableRls(client, "made", options);
      return [];
    } catch (error) {
      const { code, details } = error as Invalid;
      expect(code).toBe("TENANT_TABLE_INVALID");
      return details.problems;
    } finally {
      await client.query("rollback");
    }
  }

  it("brings a table with rows into a tenant, and changes nothing when it is run again", async () => {
    await client.query(
      "create table notes (id uuid primary key default gen_random_uuid(), n serial, text text)",
    );
    await client.query("insert into notes (text) values ('one'), ('two')");
    await expect(enableRls(client, "notes")).rejects.toMatchObject({
      code: "TENANT_TABLE_INVALID",
    });
    expect(client.getTransactionStatus()).toBe("I");
    await enableRls(client, "notes", { backfill: t.a });
    const describe = async () =>
      (
        await client.query(`
          select (select json_agg(p order by p.policyname) from pg_policies p where p.tablename = 'notes') as policies,
            (select json_agg(i.indexdef order by i.indexdef) from pg_indexes i where i.tablename = 'notes') as indexes,
            (select json_agg(c order by c.column_name) from information_schema.columns c where c.table_name = 'notes') as columns,
            relacl::text, relrowsecurity, relforcerowsecurity from pg_class where relname = 'notes'`)
      ).rows as Record<string, unknown>[];
    const before = await describe();
    expect(before).toMatchObject([{ relrowsecurity: true, relforcerowsecurity: true }]);
    await enableRls(client, "public.notes");
    expect(await describe()).toEqual(before);
    const pool = t.tenantPool("hardened");
    const notes = (tenant: string) =>
      withTenantContext(pool, tenant, (tenants) =>
        tenants.query("select text from notes order by 1"),
      );
    expect((await notes(t.a)).rows).toEqual([{ text: "one" }, { text: "two" }]);
    expect((await notes(t.b)).rows).toEqual([]);
    // The default is the tenant in context, and the serial's sequence may be used.
    await withTenantContext(pool, t.b, (tenants) =>
      tenants.query("insert into notes (text) values ('b')"),
    );
    expect((await notes(t.b)).rows).toEqual([{ text: "b" }]);
  });

  it("stays closed beside a policy of the host's that lets everybody at everything", async () => {
    await client.query("create policy open on orders using (true) with check (true)");
    const pool = t.tenantPool("hardened");
    const { rows } = await pool.scope.run(t.a, () =>
      pool.query("select from orders where tenant_id <> $1", [t.a]),
    );
    expect(rows).toEqual([]);
    await client.query("drop policy open on orders");
  });

  it("lets maintenance see all, and the owner nothing without a context", async () => {
    await client.query("begin; set local role stratum_maintenance");
    expect((await client.query("select distinct tenant_id from orders")).rowCount).toBe(2);
    await client.query(`rollback; begin; set local role ${t.nameOf("owner")}`);
    await expect(client.query("select from orders")).rejects.toMatchObject({ code: "ST001" });
    await client.query("rollback");
  });

  it("uses the index that tenant_id leads, and asks the verifier once for a statement", async () => {
    const pool = t.tenantPool("hardened");
    const { rows } = await withTenantContext(pool, t.a, async (tenants) => {
      // Few rows would be read all.
      await tenants.query("select set_config('enable_seqscan', 'off', true)");
      return tenants.query("explain (costs off) select * from orders where amount > 3");
    });
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toMatch(/InitPlan/);
    expect(plan).toMatch(/Index Cond: \(\(tenant_id = \(InitPlan 1\)\.col1\) AND \(amount > 3\)\)/);
    expect(plan.match(/InitPlan 2/)).toBeNull();
  });

  const ID = "id uuid primary key";
  it.each<[why: string, create: string, problem: RegExp]>([
    [
      "a serial primary key",
      "create table made (tenant_id uuid, id serial primary key)",
      /primary key made_pkey/,
    ],
    [
      "a unique column",
      `create table made (tenant_id uuid, ${ID}, email text unique)`,
      /unique index made_email_key/,
    ],
    [
      "a unique expression",
      `create table made (tenant_id uuid, ${ID}, email text); create unique index made_lower on made (lower(email))`,
      /unique index made_lower/,
    ],
    [
      "an exclusion constraint",
      `create table made (tenant_id uuid, ${ID}, at tsrange, exclude using gist (at with &&))`,
      /exclusion made_at_excl/,
    ],
    [
      "a foreign key on the id alone",
      `create table made (tenant_id uuid, ${ID}, customer_id uuid references customers (id))`,
      /foreign key made_customer_id_fkey to customers does not pair/,
    ],
    [
      "a foreign key that crosses the columns",
      `create table made (tenant_id uuid, ${ID}, other uuid, foreign key (other, tenant_id) references customers (tenant_id, id))`,
      /does not pair/,
    ],
    [
      "a foreign key into schema stratum",
      `create table made (${ID}, tenant_id uuid references stratum.tenants (id))`,
      /refers to schema stratum/,
    ],
    [
      "a foreign key to a table of nobody's",
      `create table countries (code text primary key); create table made (${ID}, country text references countries)`,
      /countries, which has no tenant_id/,
    ],
    [
      "a tenant_id of another type",
      `create table made (tenant_id text, ${ID})`,
      /tenant_id is text/,
    ],
    [
      "rows of nobody",
      `create table made (${ID}); insert into made values (gen_random_uuid())`,
      /rows of no tenant/,
    ],
    ["a view's name", "create view made as select 1 as id", /no table/],
    ["a name that nothing has", "select 1", /no such table/],
  ])("refuses %s", async (_, create, problem) => {
    expect(await problemsOf(create)).toEqual([expect.stringMatching(problem)]);
  });

  it("takes what contains tenant_id, and reference tables that are named", async () => {
    expect(
      await problemsOf(
        `create table countries (code text primary key);
         create table made (tenant_id uuid, ${ID}, email text, country text references countries, customer_id uuid,
           unique (tenant_id, email), foreign key (tenant_id, customer_id) references customers (tenant_id, id))`,
        { reference: ["countries"] },
      ),
    ).toEqual([]);
  });

  it("warns of indexes that row-level security does not use", async () => {
    await client.query("begin");
    await client.query(`create table made (${ID}, doc jsonb, amount numeric, name text, at timestamptz);
      create index by_doc on made using gin (doc); create index by_amount on made (amount);
      create index by_lower on made (lower(name)); create index by_name on made (name, at)`);
    const { warnings } = await enableRls(client, "made");
    await client.query("rollback");
    expect(warnings.map((warning) => /^index (\w+)/.exec(warning)?.[1])).toEqual([
      "by_amount",
      "by_doc",
      "by_lower",
    ]);
  });

  it("finds and fills rows that the host's own policies hide from the table's owner", async () => {
    const pool = t.pool("owner", { max: 1 });
    await pool.query(`set search_path = public; create table hidden (id int, text text);
      insert into hidden values (1, 'shown'), (2, 'hidden');
      alter table hidden enable row level security, force row level security;
      create policy only_shown on hidden using (text = 'shown')`);
    const owner = await pool.connect();
    try {
      await owner.query("delete from hidden where text = 'shown'");
      await expect(enableRls(owner, "hidden")).rejects.toMatchObject({
        details: { problems: [expect.stringContaining("backfill") as string] },
      });
      await enableRls(owner, "hidden", { backfill: t.a });
    } finally {
      owner.release();
    }
    const { rows } = await client.query("select text, tenant_id from hidden");
    expect(rows).toEqual([{ text: "hidden", tenant_id: t.a }]);
    const forced = "select relforcerowsecurity as forced from pg_class where relname = 'hidden'";
    expect((await client.query(forced)).rows).toEqual([{ forced: true }]);
    await client.query("drop table hidden");
  });

  it("refuses a backfill that is no tenant's id", async () => {
    const backfill = `${randomUUID()}'; drop table orders; --`;
    await expect(enableRls(client, "orders", { backfill })).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
  });
});
