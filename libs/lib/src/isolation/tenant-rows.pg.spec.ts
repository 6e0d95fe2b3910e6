import { PURGE_BATCH_ROWS } from "@stratum-hq/core";
import { enableRls, withTenantContext, type Tenant } from "@stratum-hq/lib";
import { verifyExport } from "../../../../examples/verify-export";
import { DECLARED } from "../../../../test/support/declared-tables";
import { useStratum } from "../../../../test/support/use-stratum";

const NODES = {
  name: "nodes",
  create: `create table nodes (tenant_id uuid not null, id int not null, parent int,
    primary key (tenant_id, id), foreign key (tenant_id, parent) references nodes)`,
};
const EVENTS = {
  name: "events",
  create: [
    `create table events (tenant_id uuid not null, id int not null, primary key (tenant_id, id))
      partition by hash (tenant_id)`,
    ...[0, 1, 2].map(
      (n) =>
        `create table events_${n} partition of events for values with (modulus 3, remainder ${n})`,
    ),
  ],
};
const ODDS = {
  name: "odds",
  create: `create table odds (tenant_id uuid not null, r text, big bigint, exact numeric, doc json,
    primary key (tenant_id, r))`,
};
const MANY = PURGE_BATCH_ROWS * 2 + 500;

describe("rows in the host application's tables", () => {
  const t = useStratum({}, { tenantTables: [...DECLARED, NODES, EVENTS, ODDS] });
  const run = async (tenant: Tenant, text: string, values: unknown[] = []) =>
    withTenantContext(await t.stratum.tenantPool(), tenant.id, async (client) =>
      client.query(text, values),
    );
  const left = async (table: string) =>
    (await t.rows<{ tenant_id: string }>(`select distinct tenant_id from ${table} order by 1`)).map(
      ({ tenant_id }) => tenant_id,
    );

  it("are purged in steps, however many, those of others left as they are", async () => {
    const g = await t.grow(["of many", ["doomed"], ["kept"]]);
    for (const tenant of [g.doomed!, g.kept!]) {
      await run(
        tenant,
        "insert into orders (note) select n::text from generate_series(1, $1::int) as n",
        [MANY],
      );
    }
    const { deleted } = await t.stratum.purgeTenant(g.doomed!.id);
    expect(deleted["tables.orders"]).toBe(MANY);
    expect(await left("public.orders")).toEqual([g.kept!.id]);
  });

  it("that refer to rows of the same table go at once", async () => {
    const { chained } = await t.grow(["chained"]);
    await run(
      chained!,
      "insert into nodes (id, parent) select n, nullif(n - 1, 0) from generate_series(1, $1::int) as n",
      [MANY],
    );
    const { deleted } = await t.stratum.purgeTenant(chained!.id);
    expect(deleted["tables.nodes"]).toBe(MANY);
    expect(await left("public.nodes")).toEqual([]);
  });

  it("in partitions go from their own partition alone, where another's have the same address", async () => {
    const tenants = await Promise.all(
      Array.from({ length: 6 }, (_, n) => t.stratum.createTenant({ name: `p${n}` })),
    );
    for (const tenant of tenants) await run(tenant, "insert into events (id) values (1), (2)");
    const { deleted } = await t.stratum.purgeTenant(tenants[0]!.id);
    expect(deleted["tables.events"]).toBe(2);
    expect(await left("public.events")).toEqual(
      tenants
        .slice(1)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it("that refer to others go before these, and tables that nobody declared are found by their policies", async () => {
    const client = await t.pool.connect();
    await client.query(`create schema app; grant usage on schema app to stratum_tenant;
      create table app.notes (tenant_id uuid not null, id int, order_id uuid,
        primary key (tenant_id, id), foreign key (order_id) references public.orders on delete no action)`);
    await client.query(
      "alter table public.orders add constraint orders_both unique (tenant_id, id)",
    );
    await client.query(`alter table app.notes drop constraint notes_order_id_fkey,
      add foreign key (tenant_id, order_id) references public.orders (tenant_id, id)`);
    await enableRls(client, "app.notes");
    client.release();
    const { noted } = await t.grow(["noted"]);
    await run(noted!, "insert into orders (note) values ('noted')");
    await run(noted!, "insert into app.notes (id, order_id) select 1, id from orders");
    const exported = await t.stratum.exportTenantData(noted!.id);
    expect(exported["tables.app.notes"]).toMatchObject([{ id: 1, tenant_id: noted!.id }]);
    const { deleted } = await t.stratum.purgeTenant(noted!.id);
    expect(deleted).toMatchObject({ "tables.app.notes": 1, "tables.orders": 1 });
  });

  it("are exported to the last digit, whatever their columns are called and their json looks like", async () => {
    const { odd } = await t.grow(["odd"]);
    await run(
      odd!,
      `insert into odds (r, big, exact, doc) values ('own', 9007199254740993, 0.123456789012345678, $1)`,
      ['{"a":\n 1,\r\n "b": "line\\nfeed"}'],
    );
    const row = {
      ...{ tenant_id: odd!.id, r: "own", doc: { a: 1, b: "line\nfeed" } },
      ...{ big: "9007199254740993", exact: "0.123456789012345678" },
    };
    expect((await t.stratum.exportTenantData(odd!.id))["tables.odds"]).toEqual([row]);
    const lines: unknown[] = [];
    const stream = await t.stratum.exportTenantStream(odd!.id);
    const problems = await verifyExport(stream, (part, line) => {
      if (part === "tables.odds") lines.push(line);
    });
    expect(problems).toEqual([]);
    expect(lines).toMatchObject([{ r: "own", doc: { a: 1, b: "line\nfeed" } }]);
  });

  it("stream into an export that verifies, in the order of their keys and as of one moment", async () => {
    const { streamed, stranger } = await t.grow(["streamed", ["stranger"]]);
    const insert = "insert into nodes (id) select n from generate_series(1, $1::int) as n";
    for (const tenant of [streamed!, stranger!]) await run(tenant, insert, [MANY]);
    const stream = await t.stratum.exportTenantStream(streamed!.id);
    await run(streamed!, "insert into nodes (id) values (0)");
    const ids: unknown[] = [];
    const problems = await verifyExport(stream, (part, row) => {
      if (part === "tables.nodes") ids.push(row["id"]);
    });
    expect(problems).toEqual([]);
    expect(ids).toEqual(Array.from({ length: MANY }, (_, n) => n + 1));
  });
});
