import { randomBytes } from "node:crypto";
import { Stratum } from "@stratum-hq/lib";
import { DECLARED } from "./support/declared-tables";
import { useStratum } from "./support/use-stratum";

const nameOf = (prefix: string, { id }: { id: string }) => `${prefix}_${id.replaceAll("-", "")}`;

describe("a deployment with tenants of all three kinds", () => {
  const t = useStratum({ max: 2 }, { tenantTables: DECLARED });
  const login = `stratum_test_proof_${randomBytes(5).toString("hex")}`;
  let schema: string;
  let database: string;

  beforeAll(async () => {
    const { stratum } = t;
    await stratum.createTenant({ name: "shared" });
    const own = await stratum.createTenant({ name: "s", isolation_strategy: "SCHEMA_PER_TENANT" });
    const apart = await stratum.createTenant({ name: "d", isolation_strategy: "DB_PER_TENANT" });
    schema = nameOf("tenant", own);
    database = nameOf("stratum", apart);
    await t.rows(`create role ${login} login password 'x'`);
    await t.rows(`grant stratum_tenant to ${login} with inherit true, set true`);
    await t.rows(`revoke temporary on database ${t.database.name} from public`);
  });
  afterAll(() => t.rows(`drop owned by ${login}; drop role ${login}`).catch(() => undefined));

  /** Runs a statement in the tenant's own database. */
  async function apart(text: string): Promise<void> {
    const url = new URL(t.database.url);
    url.pathname = `/${database}`;
    const pool = t.database.newPool({ connectionString: url.toString(), max: 1 });
    await pool.query(text);
    await pool.end();
  }

  it("is proven in every placement: each table of each, and each attacked", async () => {
    await t.rows("insert into public.priorities values (1, 'high')");
    const report = await t.stratum.proveIsolation();
    expect(report).toMatchObject({ sound: true, findings: [], unproven: [] });
    expect(report.attacks).toMatchObject({ leaks: [], not_attacked: [] });
    expect(report.placements.map(({ name, tables }) => [name, tables])).toEqual([
      ["shared", ["public.customers", "public.orders", `${schema}.customers`, `${schema}.orders`]],
      [database, ["public.customers", "public.orders"]],
    ]);
  });

  it("is proven under a hardened login, injected SQL included", async () => {
    const url = new URL(t.database.url);
    Object.assign(url, { username: login, password: "x" });
    const tenantPool = t.database.newPool({ connectionString: url.toString(), max: 1 });
    const stratum = new Stratum({ pool: t.pool, tenantPool, tenantTables: DECLARED });
    const report = await stratum.proveIsolation();
    expect(report).toMatchObject({
      sound: true,
      mode: "hardened",
      login: "hardened",
      findings: [],
      unproven: [],
      attacks: { leaks: [], not_attacked: [] },
    });
    expect(report.promises.map(({ holds }) => holds)).toEqual([true, true]);
    await stratum.close();
  });

  it("shows a hole in a tenant's schema and one in a tenant's database, each in its place", async () => {
    await t.rows(`drop policy stratum_isolation on ${schema}.orders`);
    await apart("alter table public.orders disable row level security");
    const { sound, findings, attacks } = await t.stratum.proveIsolation();
    expect(sound).toBe(false);
    expect(findings.map(({ place, check, object }) => [place, check, object])).toEqual([
      ["shared", "policy", `${schema}.orders`],
      [database, "row security", "public.orders"],
    ]);
    expect(new Set(attacks.leaks.map(({ place }) => place))).toEqual(new Set(["shared", database]));
    await t.rows(findings[0]!.statement);
    await apart(findings[1]!.statement);
    expect((await t.stratum.proveIsolation()).sound).toBe(true);
  });

  it("is unproven where a database is gone", async () => {
    await t.rows(`drop database ${database} with (force)`);
    const report = await t.stratum.proveIsolation();
    expect(report).toMatchObject({ sound: false, findings: [] });
    expect(report.unproven).toMatchObject([{ place: database, code: "TENANT_STORAGE_MISSING" }]);
  });
});
