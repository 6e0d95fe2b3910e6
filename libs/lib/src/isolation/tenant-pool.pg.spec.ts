import { randomBytes } from "node:crypto";
import { enableRls, runAs, Stratum, withTenantContext, type Tenant } from "@stratum-hq/lib";
import { Client, Pool } from "pg";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const INSERT = "insert into tickets (title) values ($1)";
const TITLES = "select title from tickets order by title";

describe("tenantPool", () => {
  const t = useStratum();
  const login = `stratum_test_tenant_${randomBytes(5).toString("hex")}`;
  let a: Tenant;
  let b: Tenant;

  beforeAll(async () => {
    ({ a, b } = (await t.grow(["a", ["b"]])) as { a: Tenant; b: Tenant });
    await t.rows(`create role ${login} login password 'x'`);
    const client = await t.pool.connect();
    await client.query(
      "create table public.tickets (id uuid primary key default gen_random_uuid(), title text)",
    );
    await enableRls(client, "tickets");
    client.release();
  });
  afterAll(() => t.rows(`drop owned by ${login}; drop role ${login}`).catch(() => undefined));

  const loginPool = (): Pool => {
    const url = new URL(t.database.url);
    Object.assign(url, { username: login, password: "x" });
    return t.database.newPool({ connectionString: url.toString(), max: 2 });
  };

  it("has the rows of the tenant that runInTenant put in context, and of no other", async () => {
    const pool = await t.stratum.tenantPool();
    for (const [tenant, title] of [
      [a, "of a"],
      [b, "of b"],
    ] as const) {
      await t.stratum.runInTenant(tenant.id, () => pool.query(INSERT, [title]));
      const { rows } = await t.stratum.runInTenant(tenant.id, () => pool.query(TITLES));
      expect(rows).toEqual([{ title }]);
    }
    expect(await t.stratum.tenantPool()).toBe(pool);
  });

  it("sends one query for a statement, and now and then one that looks for another key", async () => {
    const pool = await t.stratum.tenantPool();
    const query = jest.spyOn(Client.prototype, "query");
    try {
      for (let requests = 0; requests < 20; requests += 1)
        await t.stratum.runInTenant(a.id, () => pool.query(TITLES));
      // One enters the tenant.
      expect(query.mock.calls.length).toBeGreaterThanOrEqual(40);
      expect(query.mock.calls.length).toBeLessThan(50);
    } finally {
      query.mockRestore();
    }
  });

  it("runs a job for a tenant by its id", async () => {
    const pool = await t.stratum.tenantPool();
    const seen = await withTenantContext(pool, a.id, async (client) => {
      expect(Stratum.currentTenantId()).toBe(a.id);
      return (await client.query(TITLES)).rows;
    });
    expect(seen).toEqual([{ title: "of a" }]);
  });

  it("refuses without a tenant, with one whose work has ended, and one that may not be entered", async () => {
    const pool = await t.stratum.tenantPool();
    expect(await codeOf(pool.query(TITLES))).toBe("TENANT_CONTEXT_MISSING");
    let later: Promise<string> | undefined;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    await t.stratum.runInTenant(a.id, () => {
      later = ended.then(() => codeOf(pool.query(TITLES)));
    });
    end();
    expect(await later).toBe("TENANT_CONTEXT_MISSING");
    const enter = (id: string) =>
      codeOf(withTenantContext(pool, id, (client) => client.query(TITLES)));
    expect(await enter("01890000-0000-7000-8000-00000000000f")).toBe("TENANT_NOT_FOUND");
    expect(await enter("nobody")).toBe("VALIDATION_ERROR");
    const actor = { actor_id: "x", actor_type: "jwt", tenant_id: b.id } as const;
    expect(await runAs(actor, () => enter(a.id))).toBe("TENANT_NOT_FOUND");
    const child = await t.stratum.createTenant({ name: "c", parent_id: b.id });
    await t.stratum.suspendTenant(child.id);
    expect(await enter(child.id)).toBe("TENANT_SUSPENDED");
    await t.stratum.archiveTenant(child.id);
    expect(await enter(child.id)).toBe("TENANT_ARCHIVED");
  });

  it("is the same for every process: the key is made once, and kept encrypted", async () => {
    const rivals = Array.from(
      { length: 4 },
      () => new Stratum({ pool: t.database.newPool({ max: 2 }) }),
    );
    const titles = rivals.map(async (stratum) => {
      const pool = await stratum.tenantPool();
      return (await stratum.runInTenant(a.id, () => pool.query(TITLES))).rows;
    });
    expect(await Promise.all(titles)).toEqual(rivals.map(() => [{ title: "of a" }]));
    expect(await t.rows("select from stratum.context_keys")).toHaveLength(1);
    await Promise.all(rivals.map((stratum) => stratum.close()));
  });

  it("lets processes of an old and a new key work side by side", async () => {
    const stratum = new Stratum({ pool: t.pool, contextKey: randomBytes(32) });
    const pools = [await t.stratum.tenantPool(), await stratum.tenantPool()];
    for (const pool of pools) {
      expect((await withTenantContext(pool, a.id, (client) => client.query(TITLES))).rowCount).toBe(
        1,
      );
    }
    await stratum.close();
    expect(() => new Stratum({ pool: t.pool, contextKey: "short" })).toThrow("contextKey");
  });

  it("of a login of its own: refused while that may more than a tenant, each remedy named", async () => {
    const stratum = new Stratum({ pool: t.pool, tenantPool: loginPool() });
    const fixes: string[] = [];
    for (;;) {
      const error = await stratum.tenantPool().then(
        () => null,
        (reason: { code: string; details: { problems: { statement: string }[] } }) => reason,
      );
      if (error === null) break;
      expect(error.code).toBe("TENANT_POOL_UNSAFE");
      for (const { statement } of error.details.problems) {
        fixes.push(statement);
        await t.rows(statement);
      }
      expect(fixes.length).toBeLessThan(10);
    }
    expect(fixes).toContain(`grant stratum_tenant to ${login} with inherit true, set true`);
    const pool = await stratum.tenantPool();
    const { rows } = await withTenantContext(pool, b.id, (client) =>
      client.query("select session_user::text as login, (select count(*)::int from tickets) as n"),
    );
    expect(rows).toEqual([{ login, n: 1 }]);
    await stratum.close();
  });

  it("of a login that cannot act as a tenant: refused, with the remedy", async () => {
    await t.rows(`revoke stratum_tenant from ${login}`);
    const stratum = new Stratum({ pool: t.pool, tenantPool: loginPool() });
    await expect(stratum.tenantPool()).rejects.toMatchObject({ code: "TENANT_POOL_UNSAFE" });
    await stratum.close();
  });
});
