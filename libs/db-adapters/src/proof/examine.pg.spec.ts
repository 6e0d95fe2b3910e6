import type { PoolClient } from "pg";
import { HOLES } from "../../../../test/support/holes";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";
import { examine, examinedTables } from "./examine";

describe("the catalogue of a database", () => {
  const t = useTenantTables();
  let client: PoolClient;

  // What is planted is of the whole server where it is a role, so nothing of it is ever committed.
  beforeEach(async () => {
    client = await t.database.pool.connect();
    await client.query("begin");
  });
  afterEach(async () => {
    await client.query("rollback");
    client.release();
  });

  it("of a sound database has no hole, and nothing to warn of", async () => {
    expect(await examine(client, false)).toEqual({ findings: [], warnings: [] });
  });

  it.each(HOLES)("with $hole: found, named and mended by its own statement", async (planted) => {
    const { plant, check, object } = planted;
    await client.query("set local search_path = public");
    await client.query(plant.replaceAll("{database}", t.database.name));
    const { findings } = await examine(client, false);
    const named = object.replace("{database}", t.database.name);
    expect(findings).toContainEqual(expect.objectContaining({ check, object: named }));
    for (const { statement } of findings) await client.query(statement);
    expect((await examine(client, false)).findings).toEqual([]);
  });

  it.each([
    [
      "the default of tenant_id",
      "alter table orders alter column tenant_id drop default",
      "column",
    ],
    ["no index", "drop index orders_tenant_id_amount_idx", "index"],
    ["no policy that lets rows in", "drop policy stratum_access on orders", "policy"],
    ["a publication", "create publication feed for table orders", "publication"],
    ["a publication of all tables", "create publication feed for all tables", "publication"],
    ["a setting", "alter database {database} set row_security = off", "setting"],
    [
      "a trigger of its owner's rights",
      `create function note() returns trigger language plpgsql security definer as 'begin return new; end';
       create trigger noted after insert on orders for each row execute function note()`,
      "trigger",
    ],
  ])("warns of %s, which is no hole", async (_, plant, check) => {
    await client.query("set local search_path = public");
    await client.query(plant.replaceAll("{database}", t.database.name));
    const { findings, warnings } = await examine(client, false);
    expect(findings).toEqual([]);
    expect(warnings).toContainEqual(expect.objectContaining({ check }));
    for (const { statement } of warnings) await client.query(statement);
    expect(await examine(client, false)).toEqual({ findings: [], warnings: [] });
  });

  it("lets a host keep tables, views and functions that no tenant reaches, whatever they are called", async () => {
    await client.query(`set local search_path = public;
      create table invoices (tenant_id integer, n serial primary key, unique (tenant_id, n));
      create view all_orders as select * from orders;
      create view own_orders with (security_invoker) as select * from orders;
      create view over_own as select * from own_orders;
      grant select on own_orders, over_own to stratum_tenant;
      create function of_owner() returns setof orders language sql security definer as 'select * from orders';
      revoke execute on function of_owner() from public;
      create table visits (tenant_id uuid, at date) partition by range (at);
      create table visits_2026 partition of visits for values from ('2026-01-01') to ('2027-01-01')`);
    expect(await examine(client, false)).toEqual({ findings: [], warnings: [] });
    const tables = (await examinedTables(client, false)).map(({ name, holds }) => [name, holds]);
    expect(Object.fromEntries(tables)).toEqual({
      "public.customers": "tenants",
      "public.orders": "tenants",
      "public.invoices": "not reached",
      "public.visits": "not reached",
      "public.visits_2026": "part",
    });
  });

  it("with a login that is to be hardened: what that may count too", async () => {
    const login = t.nameOf("hardened");
    const tenants = t.pool("hardened", { max: 1 });
    const found = async () => {
      const own = await tenants.connect();
      await own.query("begin");
      const { findings } = await examine(own, true);
      await own.query("rollback");
      own.release();
      return findings;
    };
    expect(await found()).toEqual([]);
    await client.query("rollback");
    await client.query(`create table public.notes (tenant_id uuid); grant select on public.notes to ${login};
      alter role ${login} in database ${t.database.name} set role = 'pg_monitor';
      grant select on stratum.tenants to ${login}`);
    const findings = await found();
    expect(new Set(findings.map(({ check, object }) => `${check} ${object}`))).toEqual(
      new Set([
        "control data stratum.tenants",
        "login tenantPool",
        `setting ${login}`,
        "unprotected public.notes",
      ]),
    );
    for (const { statement } of findings) await client.query(statement);
    expect(await found()).toEqual([]);
  });
});
