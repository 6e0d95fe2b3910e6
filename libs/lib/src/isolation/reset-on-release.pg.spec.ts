import { Stratum, type Tenant, type TenantPool } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { useHardenedLogin } from "../../../../test/support/use-hardened";
import { useStratum } from "../../../../test/support/use-stratum";

const STRATEGIES = ["SHARED_RLS", "SCHEMA_PER_TENANT", "DB_PER_TENANT"] as const;
const LOCK = 20_261_126;
const HELD = `select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = ${LOCK}`;

describe("connections of tenants with resetOnRelease", () => {
  // One connection of each kind, for which its next user waits.
  const t = useStratum(
    { max: 1 },
    { tenantTables: DECLARED, connectionBudget: 1, resetOnRelease: true },
  );

  it.each(STRATEGIES)("go back without what was left on them (%s)", async (isolation_strategy) => {
    const tenant: Tenant = await t.stratum.createTenant({ name: "leaving", isolation_strategy });
    const pool = await t.stratum.tenantPool();
    const taken = async (text: string) =>
      (await t.stratum.runInTenant(tenant.id, () => pool.query<{ n: number }>(text))).rows[0]?.n;
    for (let n = 0; n < 3; n += 1) {
      await taken(`select pg_advisory_lock(${LOCK})`);
      // By the next use of the connection, it is gone.
      expect(await taken(HELD)).toBe(0);
      expect(await taken("select count(*)::int as n from orders where note = 'x'")).toBe(0);
    }
  });
});

describe("a hardened login's connection, without any option", () => {
  const t = useStratum();
  const hardened = useHardenedLogin(t);
  let stratum: Stratum;
  let tenants: TenantPool;
  let ids: string[];

  beforeAll(async () => {
    stratum = new Stratum({
      pool: t.pool,
      tenantPool: hardened({ max: 1 }),
      tenantTables: DECLARED,
    });
    tenants = await stratum.tenantPool();
    const strategies = ["SHARED_RLS", "SHARED_RLS"] as const;
    const made = strategies.map((isolation_strategy, n) =>
      stratum.createTenant({ name: `reset ${n}`, isolation_strategy }),
    );
    ids = (await Promise.all(made)).map(({ id }) => id);
  });
  afterAll(() => stratum.close());

  const one = async <Row extends object>(n: number, text: string, values: unknown[] = []) =>
    (
      await stratum.runInTenant(ids[n]!, () =>
        tenants.query<Row & Record<string, unknown>>(text, values),
      )
    ).rows[0];

  it.each([
    ["client_encoding", "LATIN1"],
    ["DateStyle", "German, DMY"],
    ["array_nulls", "off"],
    ["standard_conforming_strings", "off"],
    ["bytea_output", "escape"],
  ])("carries no %s from one tenant to the next", async (name, value) => {
    const read = "select current_setting($1) as value, pg_backend_pid() as pid";
    const before = await one(1, read, [name]);
    await one(0, "select set_config($1, $2, false)", [name, value]);
    expect(await one(1, read, [name])).toEqual(before);
  });

  it("stores the next tenant's text as it is, whatever encoding was left behind", async () => {
    await one(0, "select set_config('client_encoding', 'LATIN1', false)");
    await one(1, "insert into orders (note) values ($1)", ["Zürich"]);
    expect(await one(1, "select octet_length(note) as bytes, note from orders")).toEqual({
      bytes: 7,
      note: "Zürich",
    });
  });

  it("acts as itself, so that becoming it again gains nothing", async () => {
    const who = "select current_user::text as who, session_user::text as login";
    const { who: acting, login } = (await one<{ who: string; login: string }>(0, who))!;
    expect(acting).toBe(login);
    const text = who.replace("select", "select set_config('role', 'none', true),");
    expect(await one(0, text)).toMatchObject({ who: login });
    await one(0, "insert into orders (note) values ('mine')");
    expect(await one(1, "select count(*)::int as n from orders where note = 'mine'")).toEqual({
      n: 0,
    });
  });

  it("leaves what PostgreSQL lets everybody call, which the proof names and can have revoked", async () => {
    const residuals = async () =>
      (await stratum.proveIsolation()).warnings.filter(({ check }) => check === "residual");
    await one(0, "select lo_from_bytea(4711, 'left behind')");
    expect(await one(1, "select convert_from(lo_get(4711), 'UTF8') as text")).toEqual({
      text: "left behind",
    });
    const found = await residuals();
    expect(found.map(({ object }) => object)).toEqual([
      "large objects",
      "notifications",
      "other sessions",
    ]);
    for (const { statement } of found) await t.rows(statement);
    expect(await residuals()).toEqual([]);
    await expect(one(1, "select lo_get(4711)")).rejects.toMatchObject({ code: "42501" });
    await expect(one(0, "select lo_creat(-1)")).rejects.toMatchObject({ code: "42501" });
    await expect(one(0, "select pg_terminate_backend(1)")).rejects.toMatchObject({ code: "42501" });
  });
});
