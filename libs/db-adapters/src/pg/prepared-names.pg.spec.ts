import type { TenantPool } from "@stratum-hq/db-adapters";
import { escapeIdentifier, type Pool } from "pg";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

const TEXT = "select note from orders where amount = $1";
const NAMES = "select name, statement from pg_prepared_statements where name like 'stratum_t_%'";

describe("the names that statements are prepared under", () => {
  const t = useTenantTables();
  let pool: Pool;
  let tenants: TenantPool;

  beforeEach(() => {
    pool = t.pool("member", { max: 1 });
    tenants = t.tenantPool("member", { pool });
  });
  afterEach(() => pool.end());

  const ask = async (text = TEXT, by = tenants): Promise<unknown[]> =>
    (await by.scope.run(t.a, () => by.query(text, [1]))).rows;

  async function namesOn(connection: Pool): Promise<Record<string, string>> {
    const { rows } = await connection.query<{ name: string; statement: string }>(NAMES);
    return Object.fromEntries(rows.map(({ statement, name }) => [statement, name]));
  }

  async function backend(): Promise<number> {
    const { rows } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
    return rows[0]!.pid;
  }

  /** A statement finds its name amiss: the connection is not given back, and the next request is served. */
  async function expectClosed(sqlstate: string, call: Promise<unknown>): Promise<void> {
    await expect(call).rejects.toMatchObject({ code: "POOLER_UNSUPPORTED", details: { sqlstate } });
    expect(pool.totalCount).toBe(0);
    expect(await ask()).toHaveLength(1);
  }

  it("follow from their texts: the same in every process, and no two texts share one", async () => {
    const other = t.tenantPool("member", { pool });
    await ask(`${TEXT} limit 1`);
    await ask(TEXT, other);
    await ask(`${TEXT} limit 1`, other);
    const names = await namesOn(pool);
    expect(new Set(Object.values(names)).size).toBe(2);
    const elsewhere = t.pool("member", { max: 1 });
    await ask(TEXT, t.tenantPool("member", { pool: elsewhere }));
    expect((await namesOn(elsewhere))[TEXT]).toBe(names[TEXT]);
    await elsewhere.end();
  });

  it("that the server does not know (26000) are told, and their connection is closed", async () => {
    await ask();
    const before = await backend();
    await pool.query(`deallocate ${escapeIdentifier((await namesOn(pool))[TEXT]!)}`);
    await expectClosed("26000", ask());
    expect(await backend()).not.toBe(before);
  });

  it("that the server does not know for the context (26000) are told as well", async () => {
    await ask();
    const { rows } = await pool.query<{ name: string }>(
      "select name from pg_prepared_statements where name like 'stratum_context_%'",
    );
    await pool.query(`deallocate ${escapeIdentifier(rows[0]!.name)}`);
    await expectClosed("26000", ask("select 1 where $1 = 1"));
  });

  it("that the server knows already (42P05) are told, and their connection is closed", async () => {
    await ask();
    const name = escapeIdentifier((await namesOn(pool))[TEXT]!);
    // Another connection, whose server has the name of somebody that shares it: a pooler's.
    (await pool.connect()).release(true);
    await pool.query(`prepare ${name} as select 1`);
    const before = await backend();
    await expectClosed("42P05", ask());
    expect(await backend()).not.toBe(before);
  });

  it.each(["26000", "42P05"])("end a transaction that finds them amiss (%s)", async (sqlstate) => {
    await ask();
    const name = escapeIdentifier((await namesOn(pool))[TEXT]!);
    if (sqlstate === "42P05") (await pool.connect()).release(true);
    await pool.query(sqlstate === "42P05" ? `prepare ${name} as select 1` : `deallocate ${name}`);
    const work = tenants.scope.run(t.a, () =>
      tenants.transaction((client) => client.query(TEXT, [1])),
    );
    await expectClosed(sqlstate, work);
  });
});
