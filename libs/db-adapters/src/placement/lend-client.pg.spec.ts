import { Pool, type PoolClient } from "pg";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";
import { times } from "../../../../test/support/scale";

const FATAL = Object.assign(new Error("terminating connection"), { code: "57P01" });

describe("a pool whose clients the server ends", () => {
  const t = useTenantTables();
  let pool: Pool;

  beforeEach(() => {
    pool = new Pool({ connectionString: t.database.url, max: 3 });
    pool.on("error", () => undefined);
  });
  afterEach(() => pool.end());

  it("keeps the process alive for a client that was just lent, before the next line has it", async () => {
    const thrown: unknown[] = [];
    const tenants = t.tenantPool("superuser", { pool });
    // As where a FATAL comes with the ReadyForQuery: after the pool has lent the client, before anybody goes on.
    const fail = (client: PoolClient): void =>
      queueMicrotask(() => {
        try {
          client.emit("error", FATAL);
        } catch (error) {
          thrown.push(error);
        }
      });
    await tenants.scope.run(t.a, () => tenants.query("select 1"));
    pool.on("acquire", fail);
    for (let n = 0; n < 3; n += 1) {
      await tenants.scope.run(t.a, () => tenants.query("select 1"));
    }
    expect(thrown).toEqual([]);
    pool.off("acquire", fail);
    await new Promise((resolve) => setImmediate(resolve));
    const lent = await pool.connect();
    expect(lent.listenerCount("error")).toBe(0);
    lent.release();
  });

  it("keeps the process alive for a row that is longer than any text can be", async () => {
    const tenants = t.tenantPool("superuser", { pool });
    const long = "select repeat('x', 540000000) as long";
    const { code } = await tenants.scope
      .run(t.a, () => tenants.query(long))
      .then(
        () => ({ code: "none" }),
        (error: unknown) => error as { code: string },
      );
    expect(code).toBe("ERR_STRING_TOO_LONG");
    const { rows } = await tenants.scope.run(t.b, () => tenants.query("select 1 as one"));
    expect(rows).toEqual([{ one: 1 }]);
    expect(pool.totalCount).toBe(1);
  });

  it("survives random terminations under load, and serves afterwards", async () => {
    const tenants = t.tenantPool("superuser", { pool });
    const until = Date.now() + times(3000, 12_000);
    const served = { yes: 0, no: 0 };
    const worker = async (tenant: string): Promise<void> => {
      while (Date.now() < until) {
        await tenants.scope
          .run(tenant, () =>
            tenants.transaction((client) => client.query("select count(*) from orders")),
          )
          .then(() => (served.yes += 1))
          .catch(() => (served.no += 1));
      }
    };
    const killer = async (): Promise<void> => {
      while (Date.now() < until) {
        await t.database.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and random() < 0.5`,
        );
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    await Promise.all([worker(t.a), worker(t.b), worker(t.a), worker(t.b), killer()]);
    expect(served.yes).toBeGreaterThan(0);
    expect(served.no).toBeGreaterThan(0);
    const { rows } = await tenants.scope.run(t.b, () =>
      tenants.query<{ tenant_id: string }>("select distinct tenant_id from orders"),
    );
    expect(rows).toEqual([{ tenant_id: t.b }]);
  });
});
