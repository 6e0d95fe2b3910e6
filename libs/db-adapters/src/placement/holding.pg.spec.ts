import type { TenantPool } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

const MAX = 4;

describe("a pool of few connections", () => {
  const t = useTenantTables();
  let pool: Pool;
  let tenants: TenantPool;

  beforeEach(() => {
    pool = t.pool("superuser", { max: MAX });
    tenants = t.tenantPool("superuser", { pool });
  });

  const outcome = (call: Promise<unknown>) =>
    call.then(
      () => "ok",
      ({ code }: { code: string }) => code,
    );

  it("refuses statements of its own inside of transactions that have all of it, and serves on", async () => {
    const nesting = () =>
      tenants.scope.run(t.a, () =>
        tenants.transaction(async (client) => {
          await client.query("select 1");
          await tenants.query("select 1");
        }),
      );
    const outcomes = await Promise.all(Array.from({ length: 5 * MAX }, () => outcome(nesting())));
    expect(outcomes).toContain("CONNECTION_NESTED");
    expect(outcomes.filter((code) => !["ok", "CONNECTION_NESTED"].includes(code))).toEqual([]);
    expect(await outcome(nesting())).toBe("ok");
    expect(pool.waitingCount).toBe(0);
  });

  it("lets whatever has no connection wait for one, also where it was begun in a transaction", async () => {
    const later: Promise<string>[] = [];
    await tenants.scope.run(t.a, () =>
      tenants.transaction(async (client) => {
        await client.query("select 1");
        later.push(
          new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
            outcome(tenants.scope.run(t.a, () => tenants.query("select 1"))),
          ),
        );
      }),
    );
    const busy = Array.from({ length: 2 * MAX }, () =>
      outcome(tenants.scope.run(t.b, () => tenants.query("select pg_sleep(0.1)"))),
    );
    expect(await Promise.all([...busy, ...later])).toEqual(
      Array.from({ length: 2 * MAX + 1 }, () => "ok"),
    );
  });
});
