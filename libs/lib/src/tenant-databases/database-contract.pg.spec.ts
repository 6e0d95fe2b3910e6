import { randomBytes } from "node:crypto";
import { Stratum, withTenantContext, type StratumOptions, type TenantPool } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { startSecondServer, type SecondServer } from "../../../../test/support/second-server";
import { tenantPoolContract } from "../../../../test/support/tenant-pool.contract";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { ROWS } from "../../../../test/support/use-tenant-tables";

const DB = { isolation_strategy: "DB_PER_TENANT" } as const;

describe("databases of tenants' own, through a Stratum", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const login = `stratum_test_hardened_${randomBytes(5).toString("hex")}`;
  const opened: Stratum[] = [];
  let region: { id: string };
  let second: SecondServer;

  interface Made {
    readonly stratum: Stratum;
    readonly pool: TenantPool;
    readonly a: string;
    readonly b: string;
  }
  const made = new Map<string, Made>();

  const loginUrl = (): string => {
    const url = new URL(t.database.url);
    Object.assign(url, { username: login, password: "x" });
    return url.toString();
  };
  const hardened = (): Partial<StratumOptions> => ({
    tenantPool: t.database.newPool({ connectionString: loginUrl(), max: 2 }),
  });

  /** A Stratum, and two tenants with rows in databases of their own. */
  async function make(
    way: string,
    options: Partial<StratumOptions>,
    region_id: string | null = null,
  ): Promise<void> {
    const stratum = new Stratum({ pool: t.pool, tenantTables: DECLARED, ...options });
    opened.push(stratum);
    const pool = await stratum.tenantPool();
    const ids: string[] = [];
    for (const name of [`${way} a`, `${way} b`]) {
      const { id } = await stratum.createTenant({ ...DB, name, region_id });
      ids.push(id);
      await withTenantContext(pool, id, (client) =>
        client.query(
          `insert into orders (note, amount) select $1 || n, n from generate_series(1, $2::int) as n`,
          [name, ROWS],
        ),
      );
    }
    made.set(way, { stratum, pool, a: ids[0]!, b: ids[1]! });
  }

  beforeAll(async () => {
    second = await startSecondServer();
    const create = `create role ${login} login password 'x'`;
    const join = `grant stratum_tenant to ${login} with inherit true, set true`;
    await t.stratum.initialize();
    await t.rows(`${create}; ${join}`);
    await t.rows(`revoke temporary on database ${t.database.name} from public`);
    await second.rows(`${create}; create role stratum_tenant nologin; ${join}`);
    region = await t.stratum.createRegion({
      ...{ display_name: "second", slug: "second", database_url: second.url },
    });
    await make("its own server", {});
    await make("few connections", { connectionBudget: 2 });
    await make("hardened", hardened());
    await make("no prepared statements", { preparedStatements: "off" });
    await make("a region", {}, region.id);
    await make("a region, hardened", hardened(), region.id);
  });
  afterAll(async () => {
    await Promise.all(opened.map((stratum) => stratum.close()));
    await second.stop();
    await t.rows(`drop owned by ${login}; drop role ${login}`).catch(() => undefined);
  });

  for (const way of [
    "its own server",
    "few connections",
    "hardened",
    "no prepared statements",
    "a region",
    "a region, hardened",
  ]) {
    tenantPoolContract(way, () => made.get(way)!);
  }

  it("are on the server of the region, and go from there", async () => {
    const databases = () =>
      second.rows<{ name: string }>(
        "select datname as name from pg_database where datname like 'stratum%' order by 1",
      );
    const before = await databases();
    expect(before).toHaveLength(4);
    const { stratum, a } = made.get("a region")!;
    await stratum.purgeTenant(a);
    expect(await databases()).toEqual(
      before.filter(({ name }) => name !== `stratum_${a.replaceAll("-", "")}`),
    );
  });

  it("serve the login of tenantPool, which may no more in them than a tenant", async () => {
    for (const way of ["hardened", "a region, hardened"]) {
      const { pool, b } = made.get(way)!;
      const run = async (text: string) =>
        withTenantContext(pool, b, async (client) => (await client.query(text)).rows);
      expect(await run("select session_user::text as login")).toEqual([{ login }]);
      for (const text of [
        "create table public.mine (id int)",
        "create temporary table mine (id int)",
        // The list of first words lets these through, and PostgreSQL does not.
        "select 1 as id into public.mine",
        "select 1 as id into temporary mine",
        "select * from stratum.context_keys",
        "select stratum.retire_context_key('0123456789abcdef')",
      ]) {
        const expected = text.startsWith("create") ? "STATEMENT_FORBIDDEN" : "42501";
        expect([text, await codeOf(run(text))]).toEqual([text, expected]);
      }
    }
  });

  it("are refused to a login of tenantPool that may more in one than a tenant", async () => {
    const { stratum, a } = made.get("hardened")!;
    const database = `stratum_${a.replaceAll("-", "")}`;
    await t.rows(`grant temporary on database ${database} to ${login}`);
    const again = new Stratum({ pool: t.pool, tenantTables: DECLARED, ...hardened() });
    opened.push(again);
    const pool = await again.tenantPool();
    const entering = again.runInTenant(a, () => pool.query("select 1"));
    await expect(entering).rejects.toMatchObject({
      code: "TENANT_POOL_UNSAFE",
      details: {
        problems: [{ statement: `revoke temporary on database ${database} from public, ${login}` }],
      },
    });
    await t.rows(`revoke temporary on database ${database} from ${login}`);
    expect(await codeOf(again.runInTenant(a, () => pool.query("select 1")))).toBe("ok");
    expect(stratum).not.toBe(again);
  });
});
