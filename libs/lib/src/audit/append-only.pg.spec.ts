import { Pool } from "pg";
import { leastRowId } from "../persistence/row-ids";
import { useStratum, type StratumFixture } from "../../../../test/support/use-stratum";

const DENIED = { code: "42501" };
const REFUSED = { code: "42501", message: expect.stringContaining("append-only") as string };
const DAY_MS = 86_400_000;

// The suite's own hooks come last: its roles go while there is a database to drop them through.
describe("the audit log", () => {
  const t = useStratum();
  describe("in the database", () => logOf(t));
});

function logOf(t: StratumFixture): void {
  const login = `audited_${process.pid}_${Date.now()}`;
  let plain: Pool;

  beforeAll(async () => {
    await t.pool.query(`create role ${login} login password 'x'`);
    await t.pool.query(`grant all on schema stratum to ${login}`);
    await t.pool.query(`grant all on all tables in schema stratum to ${login}`);
    const url = new URL(t.database.url);
    url.username = login;
    url.password = "x";
    plain = new Pool({ connectionString: url.toString(), max: 1 });
  });
  afterAll(async () => {
    await plain.end();
    await t.pool.query(`drop owned by ${login}; drop role ${login}`);
  });

  const CHANGES = [
    "update stratum.audit_logs set action = 'innocent'",
    "update stratum.audit_logs set action = 'innocent' where false",
    "delete from stratum.audit_logs",
    "truncate stratum.audit_logs",
    "truncate stratum.tenants, stratum.audit_logs cascade",
    `insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type)
     select id, operation_id, actor_id, actor_type, action, resource_type from stratum.audit_logs
     on conflict (id) do update set action = 'innocent'`,
    `merge into stratum.audit_logs as a using stratum.tenants as t on a.tenant_id = t.id
     when matched then delete`,
    "with gone as (delete from stratum.audit_logs returning 1) select count(*) from gone",
  ];

  async function attempt(pool: Pool, change: string, before = ""): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query(`begin; ${before}`);
      await client.query(change);
    } finally {
      await client.query("rollback");
      client.release();
    }
  }

  describe.each(CHANGES)("refuses %s", (change) => {
    beforeAll(() => t.grow(["some"]));

    it("to the table's owner, a superuser", () =>
      expect(attempt(t.pool, change)).rejects.toMatchObject(REFUSED));

    it("also where triggers are off for replication", () =>
      expect(
        attempt(t.pool, change, "set local session_replication_role = replica"),
      ).rejects.toMatchObject(REFUSED));

    it("to a login that has every right on the table", () =>
      expect(attempt(plain, change)).rejects.toMatchObject(DENIED));

    it("to an owner that is no superuser", () =>
      expect(
        attempt(
          t.pool,
          change,
          `alter table stratum.audit_logs owner to ${login}; set local role ${login}`,
        ),
      ).rejects.toMatchObject(DENIED));

    it.each(["stratum_tenant", "stratum_maintenance"])("to %s, rights or none", async (role) => {
      await expect(attempt(t.pool, change, `set local role ${role}`)).rejects.toMatchObject(DENIED);
      const grants = `grant usage on schema stratum to ${role};
        grant all on all tables in schema stratum to ${role}; set local role ${role}`;
      await expect(attempt(t.pool, change, grants)).rejects.toMatchObject(DENIED);
    });
  });

  it("loses rows through its function alone, which none but maintenance may call", async () => {
    const call = `select stratum.erase_audit_logs(array[gen_random_uuid()], null, 1)`;
    await expect(attempt(plain, call)).rejects.toMatchObject(DENIED);
    await expect(attempt(t.pool, call, "set local role stratum_tenant")).rejects.toMatchObject(
      DENIED,
    );
    await attempt(t.pool, call, "set local role stratum_maintenance");
    const [facts] = await t.rows(
      `select pg_get_userbyid(p.proowner) as owner, p.prosecdef as definer, p.proconfig as settings,
              array(select pg_get_userbyid(a.grantee)::text from aclexplode(p.proacl) as a
                    where a.privilege_type = 'EXECUTE' order by 1) as callers,
              (select array_agg(r.rolname || ' ' || r.rolcanlogin || r.rolsuper || r.rolbypassrls
                                order by r.rolname)
               from pg_roles as r where r.rolname in ('stratum_audit', 'stratum_maintenance')) as roles,
              (select count(*)::int from pg_auth_members where roleid = 'stratum_audit'::regrole
                 and (set_option or inherit_option)) as members
       from pg_proc as p where p.oid = 'stratum.erase_audit_logs'::regproc`,
    );
    expect(facts).toEqual({
      owner: "stratum_audit",
      definer: true,
      settings: ["search_path=pg_catalog, pg_temp"],
      callers: ["stratum_audit", "stratum_maintenance"],
      roles: ["stratum_audit falsefalsefalse", "stratum_maintenance falsefalsefalse"],
      members: 0,
    });
    const rights = await t.rows(
      `select table_name, privilege_type from information_schema.role_table_grants
       where grantee in ('stratum_audit', 'stratum_maintenance') order by 2`,
    );
    expect(rights).toEqual([
      { table_name: "audit_logs", privilege_type: "DELETE" },
      { table_name: "audit_logs", privilege_type: "SELECT" },
    ]);
  });

  it.each([
    ["no tenants", "'{}', now(), 1"],
    ["the platform's whole log", "null, null, 1"],
    ["the platform's log of today", "null, now() - interval '1 hour', 1"],
    ["what is yet to come", "array[gen_random_uuid()], now() + interval '1 day', 1"],
    ["rows without number", "array[gen_random_uuid()], null, null"],
    ["too many rows", "array[gen_random_uuid()], null, 10001"],
    ["no rows", "array[gen_random_uuid()], null, 0"],
    ["a tenant that is none", "array[null]::uuid[], null, 1"],
    ["too many tenants", "array_fill(gen_random_uuid(), array[10001]), null, 1"],
  ])("does not lose %s", async (_, given) => {
    const call = `select stratum.erase_audit_logs(${given})`;
    await expect(attempt(t.pool, call, "set local role stratum_maintenance")).rejects.toMatchObject(
      { code: "22023" },
    );
  });

  it("loses the oldest rows of the tenants, of before the time, as many as asked", async () => {
    const g = await t.grow(["r", ["r1"], ["r2"]]);
    const now = Date.now();
    const fill = async (tenant: string | null, ageMs: number) =>
      t.rows(
        `insert into stratum.audit_logs
           (id, operation_id, actor_id, actor_type, action, resource_type, tenant_id)
         select (left($2, 19) || '8' || right(gen_random_uuid()::text, 16))::uuid, gen_random_uuid(),
                'a', 'system', $3, 'r', $1`,
        [tenant, leastRowId(new Date(now - ageMs).toISOString()), `age.${ageMs / DAY_MS}`],
      );
    for (const tenant of [g.r1!.id, g.r2!.id, null]) {
      for (const days of [3, 1, 4, 2]) await fill(tenant, days * DAY_MS);
    }
    const left = async (tenant: string | null) =>
      (
        await t.rows<{ action: string }>(
          `select action from stratum.audit_logs where tenant_id is not distinct from $1
             and action like 'age.%' order by id`,
          [tenant],
        )
      ).map(({ action }) => action);
    const erase = async (given: string) => {
      const { rows } = await t.pool.query<{ lost: string[] }>(
        `select array(select coalesce(e.tenant_id::text, 'platform') || ' ' || e.deleted
           from stratum.erase_audit_logs(${given}) as e order by 1) as lost`,
      );
      return rows[0]!.lost;
    };
    const cutoff = `'${new Date(now - 1.5 * DAY_MS).toISOString()}'`;
    expect(await erase(`array['${g.r1!.id}']::uuid[], ${cutoff}, 2`)).toEqual([`${g.r1!.id} 2`]);
    expect(await left(g.r1!.id)).toEqual(["age.2", "age.1"]);
    expect(await left(g.r2!.id)).toHaveLength(4);
    const both = `array['${g.r1!.id}', '${g.r2!.id}']::uuid[]`;
    expect(await erase(`${both}, ${cutoff}, 10000`)).toEqual(
      [`${g.r1!.id} 1`, `${g.r2!.id} 3`].sort(),
    );
    expect(await left(null)).toHaveLength(4);
    expect(await erase(`null, ${cutoff}, 10000`)).toEqual(["platform 3"]);
    expect(await left(null)).toEqual(["age.1"]);
    await erase(`${both}, null, 10000`);
    const rest = await t.rows("select from stratum.audit_logs where tenant_id = any($1)", [
      [g.r1!.id, g.r2!.id],
    ]);
    expect(rest).toEqual([]);
    expect((await t.stratum.queryAuditLogs({ tenant_id: g.r!.id })).length).toBeGreaterThan(0);
  });
}
