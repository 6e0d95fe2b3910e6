import { runAs, withTenantContext, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const TABLES = [
  {
    name: "priorities",
    create: `create table priorities (id int primary key, label text not null, about json,
      shout text generated always as (upper(label)) stored)`,
    reference: true,
  },
  {
    name: "rules",
    create: `create table rules (priority int not null references priorities, n int not null,
      primary key (priority, n))`,
    reference: true,
  },
  {
    name: "tickets",
    create: `create table tickets (tenant_id uuid not null, id int not null,
      priority int references priorities, primary key (tenant_id, id))`,
  },
];
const OWN = { isolation_strategy: "SCHEMA_PER_TENANT" } as const;

describe("reference tables", () => {
  const t = useStratum({}, { tenantTables: TABLES });
  const run = async (tenant: Tenant, text: string) =>
    withTenantContext(
      await t.stratum.tenantPool(),
      tenant.id,
      async (client) => (await client.query(text)).rows,
    );
  const seen = (tenant: Tenant) => run(tenant, "select * from priorities order by id");
  const originals = () => t.rows("select * from public.priorities order by id");
  const refresh = () => t.stratum.refreshReferenceTables();
  const empty = async () => {
    await t.rows("delete from public.rules");
    await t.rows("delete from public.priorities");
  };

  it("are copied with a new placement, and kept as they were until they are refreshed", async () => {
    await t.stratum.initialize();
    await t.rows(
      `insert into public.priorities (id, label, about) values (1, 'low', '{"a": 1}'), (2, 'high', null)`,
    );
    await t.rows("insert into public.rules values (1, 1), (2, 1)");
    const tenants = await Promise.all(
      (["SCHEMA_PER_TENANT", "DB_PER_TENANT"] as const).map((isolation_strategy) =>
        t.stratum.createTenant({ name: isolation_strategy, isolation_strategy }),
      ),
    );
    for (const tenant of tenants) expect(await seen(tenant)).toEqual(await originals());
    await t.rows("delete from public.rules where priority = 2");
    await t.rows("delete from public.priorities where id = 2");
    await t.rows(`update public.priorities set label = 'lowest' where id = 1`);
    await t.rows("insert into public.priorities (id, label) values (3, 'medium')");
    for (const tenant of tenants) {
      expect(await seen(tenant)).toMatchObject([{ label: "low" }, { label: "high" }]);
    }
    expect(await refresh()).toEqual({ placements: 2, rows: 8, failures: 0, failed: [] });
    for (const tenant of tenants) {
      expect(await seen(tenant)).toEqual(await originals());
      expect(await run(tenant, "select * from rules")).toEqual([{ priority: 1, n: 1 }]);
    }
    expect(await refresh()).toMatchObject({ placements: 2, rows: 0 });
  });

  it("stay as they were where a tenant refers to a row that is gone, and the others go on", async () => {
    await empty();
    await t.rows("insert into public.priorities (id, label) values (1, 'used'), (2, 'new')");
    await refresh();
    const [referring, other] = [
      await t.stratum.createTenant({ name: "referring", ...OWN }),
      await t.stratum.createTenant({ name: "other", ...OWN }),
    ];
    await run(referring, "insert into tickets (id, priority) values (2, 1)");
    await t.rows("delete from public.priorities where id = 1");
    const { failures, failed, placements } = await refresh();
    expect(failures).toBe(1);
    expect(failed).toMatchObject([{ tenant_id: referring.id, code: "DATABASE_ERROR" }]);
    expect(placements).toBe(3);
    expect(await seen(referring)).toHaveLength(2);
    expect(await seen(other)).toEqual(await originals());
    await run(referring, "delete from tickets");
    expect(await refresh()).toMatchObject({ failures: 0 });
    expect(await seen(referring)).toEqual(await originals());
  });

  it("are the same everywhere where placements are made while they change and are refreshed", async () => {
    await empty();
    await refresh();
    const creating = Array.from({ length: 12 }, async (_, n) =>
      t.stratum.createTenant({ name: `racing ${n}`, ...OWN }),
    );
    for (let n = 0; n < 5; n += 1) {
      await t.rows("insert into public.priorities (id, label) values ($1, 'raced')", [n]);
      await refresh();
    }
    const tenants = await Promise.all(creating);
    const expected = await originals();
    for (const tenant of tenants) expect(await seen(tenant)).toEqual(expected);
  });

  it("are refreshed by administrators of the platform alone", async () => {
    const { a } = await t.grow(["a"]);
    const as = (actor: object) =>
      runAs({ actor_id: "x", actor_type: "jwt", ...actor }, () => codeOf(refresh()));
    expect(await as({ tenant_id: a!.id, scopes: ["admin"] })).toBe("FORBIDDEN");
    expect(await as({ scopes: ["admin"] })).toBe("FORBIDDEN");
    // The facade holds nobody to scopes that were not told.
    expect(await as({})).toBe("FORBIDDEN");
    expect(await as({ scopes: ["platform:admin"] })).toBe("ok");
  });
});
