import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { lockKeyOf } from "./advisory-locks";

describe("schema stratum", () => {
  const t = useStratum();

  // ALTER DEFAULT PRIVILEGES IN SCHEMA takes nothing from PUBLIC that PostgreSQL gives to all: each migration does.
  it("has no function that PUBLIC may execute, and lets PUBLIC find nothing in it", async () => {
    await t.stratum.initialize();
    const open = await t.rows(
      `select p.oid::regprocedure::text as name from pg_proc as p,
         aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
       where p.pronamespace = 'stratum'::regnamespace and a.grantee = 0
         and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')`,
    );
    expect(open).toEqual([]);
    const [schema] = await t.rows(
      `select exists (select from aclexplode(nspacl) as a where a.grantee = 0) as is_open
       from pg_namespace where nspname = 'stratum'`,
    );
    expect(schema).toEqual({ is_open: false });
  });

  it("has no GiST index, which would cost more than a range of paths", async () => {
    const gist = await t.rows(
      "select indexname from pg_indexes where schemaname = 'stratum' and indexdef like '%USING gist%'",
    );
    expect(gist).toEqual([]);
  });

  it("shares no advisory lock with a host that locks by one key, whatever the key", async () => {
    const { a } = await t.grow(["a"]);
    const host = await t.pool.connect();
    const root = a!.id.replaceAll("-", "");
    for (const key of [lockKeyOf(a!.id), Number.parseInt(root.slice(24), 16) | 0, 0]) {
      await host.query("select pg_advisory_lock($1::bigint)", [key]);
    }
    expect(await codeOf(t.stratum.setConfig(a!.id, "k", { value: 1 }))).toBe("ok");
    expect(await codeOf(t.stratum.moveTenant(a!.id, null))).toBe("ok");
    host.release(true);
  });
});
