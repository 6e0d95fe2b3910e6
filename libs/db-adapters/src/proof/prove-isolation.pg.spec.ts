import {
  enableRls,
  proveIsolation,
  withTenantContext,
  type IsolationReport,
  type Place,
} from "@stratum-hq/db-adapters";
import { HOLES } from "../../../../test/support/holes";
import {
  LOGINS,
  ROWS,
  useTenantTables,
  type Login,
} from "../../../../test/support/use-tenant-tables";

/** What injected SQL is worth under each login, as docs/isolation.md says. */
const INJECTION: Readonly<Record<Login, boolean>> = {
  superuser: false,
  owner: false,
  member: false,
  hardened: true,
};

describe("proveIsolation", () => {
  const t = useTenantTables();

  function prove(login: Login): Promise<IsolationReport> {
    return proveIsolation({
      places: [{ name: "shared", connections: t.pool(login, { max: 1 }) }],
      key: t.key,
      hardened: login === "hardened",
    });
  }

  it.each(LOGINS)("under the login %s: a sound database, and what that promises", async (login) => {
    const report = await prove(login);
    expect(report.findings).toEqual([]);
    expect(report.attacks.leaks).toEqual([]);
    expect(report.attacks.not_attacked).toEqual([]);
    expect(report).toMatchObject({
      sound: true,
      login,
      mode: login === "hardened" ? "hardened" : "standard",
      placements: [
        { name: "shared", tables: ["public.customers", "public.orders"], out_of_reach: [] },
      ],
    });
    expect(report.warnings.map(({ check, object }) => [check, object])).toEqual(
      login === "hardened"
        ? ["large objects", "notifications", "other sessions"].map((name) => ["residual", name])
        : [],
    );
    expect(report.promises.map(({ against, holds }) => [against, holds])).toEqual([
      ["mistakes of the application", true],
      ["SQL injected into a tenant's statement", INJECTION[login]],
    ]);
    // Two tables, both ways, each by every attack.
    expect(report.attacks.refused).toBeGreaterThan(2 * 2 * 10);
    // The application's own queries, under the same login.
    const pool = t.tenantPool(login);
    for (const tenant of [t.a, t.b]) {
      const { rows } = await withTenantContext(pool, tenant, (client) =>
        client.query("select distinct tenant_id from orders"),
      );
      expect(rows).toEqual([{ tenant_id: tenant }]);
    }
  });

  it("leaves nothing behind", async () => {
    await prove("owner");
    const { rows } = await t.database.pool.query(
      "select (select count(*)::int from orders) as orders, (select count(*)::int from customers) as customers",
    );
    expect(rows).toEqual([{ orders: 2 * ROWS, customers: 0 }]);
  });

  it.each([
    [
      "control data that it may read",
      "grant select on stratum.regions to {login}",
      "read stratum.regions",
    ],
    [
      "a schema in which it may create",
      "grant create on schema public to {login}",
      "a table out of a query",
    ],
    [
      "a role that it may become",
      "grant stratum_maintenance to {login}",
      "become stratum_maintenance",
    ],
    [
      "a key that it may install",
      "grant execute on all functions in schema stratum to {login}",
      "install",
    ],
  ])("sees injected SQL use what a hardened login may too much: %s", async (_, plant, object) => {
    const { pool } = t.database;
    await pool.query(plant.replaceAll("{login}", t.nameOf("hardened")));
    const report = await prove("hardened");
    expect(report.attacks.leaks).toContainEqual(
      expect.objectContaining({
        attack: "inject",
        object: expect.stringContaining(object) as string,
      }),
    );
    expect(report).toMatchObject({ sound: false, mode: "hardened", login: "member" });
    for (const { statement } of report.findings) await pool.query(statement);
    expect(await prove("hardened")).toMatchObject({
      ...{ findings: [], unproven: [], attacks: { leaks: [] } },
      ...{ sound: true, login: "hardened" },
    });
  });

  it("proves nothing under a login that cannot act as a tenant, and says the remedy", async () => {
    const login = t.nameOf("member");
    await t.database.pool.query(`revoke stratum_tenant from ${login}`);
    const statement = `grant stratum_tenant to "${login}" with inherit true, set true`;
    const report = await prove("member");
    expect(report).toMatchObject({ sound: false, findings: [], placements: [] });
    expect(report.unproven).toEqual([
      {
        place: "shared",
        code: "TENANT_ROLE_MISSING",
        problem: expect.stringContaining(statement) as string,
      },
    ]);
    await t.database.pool.query(statement);
    expect((await prove("member")).sound).toBe(true);
  });

  it("goes through every place that it is given, and attacks the schemas that it names", async () => {
    const { pool } = t.database;
    await pool.query("create schema other; create table other.notes (note text not null)");
    const client = await pool.connect();
    await enableRls(client, "other.notes");
    client.release();
    const connections = t.pool("member", { max: 1 });
    async function* places(): AsyncGenerator<Place> {
      await Promise.resolve();
      yield { name: "none", connections, schemas: [] };
      yield { name: "other", connections, schemas: ["other"] };
    }
    const report = await proveIsolation({ places: places(), key: t.key, hardened: false });
    expect(report.placements.map(({ name, tables }) => [name, tables.length])).toEqual([
      ["none", 3],
      ["other", 3],
    ]);
    expect(report.attacks.not_attacked.map(({ place, object }) => `${place} ${object}`)).toEqual([
      "other other.notes",
      "other other.notes",
    ]);
    await pool.query("drop schema other cascade");
  });

  it("sees leaks that no check of the catalogue knows: what a trigger does", async () => {
    const { pool } = t.database;
    await pool.query(`
      create function public.wipe() returns trigger language plpgsql security definer set search_path = public
        as 'begin delete from customers; return null; end';
      create trigger wipe after delete on public.customers for each statement
        when (pg_trigger_depth() = 0) execute function public.wipe()`);
    const { sound, findings, warnings, attacks } = await prove("member");
    expect({ sound, findings }).toEqual({ sound: false, findings: [] });
    expect(warnings).toMatchObject([{ check: "trigger", object: "wipe on public.customers" }]);
    expect(attacks.leaks).toContainEqual(expect.objectContaining({ attack: "delete" }));
    await pool.query("drop function public.wipe() cascade");
    expect((await prove("member")).sound).toBe(true);
  });

  it.each(HOLES.filter(({ leaks }) => leaks !== undefined))(
    "sees the leak by attacks alone: $hole",
    async ({ plant, leaks }) => {
      const client = await t.database.pool.connect();
      try {
        await client.query(`set search_path = public; ${plant}`);
        const report = await prove("member");
        expect(report.sound).toBe(false);
        expect(report.promises.map(({ holds }) => holds)).toEqual([false, false]);
        expect(report.attacks.leaks).toContainEqual(expect.objectContaining({ attack: leaks }));
      } finally {
        for (const { statement } of (await prove("member")).findings) await client.query(statement);
        client.release(true);
      }
      expect((await prove("member")).sound).toBe(true);
    },
  );
});
