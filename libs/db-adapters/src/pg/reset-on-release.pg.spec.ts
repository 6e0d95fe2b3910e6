import type { TenantPool } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

const LOCK = 20_261_125;
/** What the next user of the connection finds on it. */
const LEFT = `select
  (select count(*)::int from pg_locks where locktype = 'advisory' and objid = ${LOCK} and pid = pg_backend_pid()) as locks,
  coalesce(current_setting('app.left', true), '') as setting,
  to_regclass('pg_temp.left_behind') is not null as has_table,
  (select count(*)::int from pg_prepared_statements where name like 'stratum%') as prepared`;
/** A setting that was once made, and is not any more, is empty. */
const NOTHING = { locks: 0, setting: "", has_table: false, prepared: 0 };

describe("a connection that a tenant gives back", () => {
  const t = useTenantTables();
  let pool: Pool;

  beforeEach(() => (pool = t.pool("member", { max: 1 })));
  afterEach(() => pool.end());

  const tenants = (resetOnRelease?: boolean): TenantPool =>
    t.tenantPool("member", { pool, ...(resetOnRelease === undefined ? {} : { resetOnRelease }) });
  const left = async () => (await pool.query<typeof NOTHING>(LEFT)).rows[0];

  /** What no rule on a statement's beginning keeps a tenant's injected SQL from. */
  async function leave(by: TenantPool): Promise<void> {
    await by.scope.run(t.a, async () => {
      await by.query(`select pg_advisory_lock(${LOCK})`);
      await by.query("select set_config('app.left', 'a', false)");
      await by.transaction(async (client) => {
        await client.query("select set_config('role', 'none', true)");
        await client.query("select 1 as n into temporary table left_behind");
      });
    });
  }

  it("has what was left on it", async () => {
    await leave(tenants());
    expect(await left()).toMatchObject({ locks: 1, setting: "a", has_table: true });
    await pool.query(`select pg_advisory_unlock_all()`);
  });

  it("has nothing on it with resetOnRelease", async () => {
    await leave(tenants(true));
    expect(await left()).toEqual(NOTHING);
  });

  it("is the same one, and serves the next tenant's statements, which were prepared before", async () => {
    const by = tenants(true);
    const pid = async (tenant: string) =>
      by.scope.run(tenant, async () => {
        const { rows } = await by.query<{ pid: number; n: number }>(
          "select pg_backend_pid() as pid, count(*)::int as n from orders where amount >= $1",
          [0],
        );
        expect(rows[0]!.n).toBeGreaterThan(0);
        return rows[0]!.pid;
      });
    const [first, second, third] = [await pid(t.a), await pid(t.b), await pid(t.a)];
    expect([second, third]).toEqual([first, first]);
    // Those of the pool's other users too.
    const named = { name: "mine", text: "select 1 as one" };
    expect((await pool.query(named)).rows).toEqual([{ one: 1 }]);
    await pid(t.b);
    expect((await pool.query(named)).rows).toEqual([{ one: 1 }]);
  });

  it("is closed where it cannot be reset", async () => {
    const by = tenants(true);
    await by.scope.run(t.a, async () => {
      const client = await by.connect();
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      await t.pool("superuser").query("select pg_terminate_backend($1)", [rows[0]!.pid]);
      client.release();
    });
    expect(await by.scope.run(t.b, () => by.query("select 1 as one"))).toMatchObject({
      rows: [{ one: 1 }],
    });
    expect(pool.totalCount).toBe(1);
  });
});
