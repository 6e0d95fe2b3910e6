import { setTimeout as sleep } from "node:timers/promises";
import { runAs, type Stratum, type Tenant, type TenantPool } from "@stratum-hq/lib";
import { Client } from "pg";
import { DECLARED } from "../../../../test/support/declared-tables";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { QUICK_MS, QuickStratum } from "../../test/quick-stratum";

const COUNT = "select count(*)::int as n from orders";
const STRATEGIES = ["SHARED_RLS", "SCHEMA_PER_TENANT", "DB_PER_TENANT"] as const;

describe("work that goes on in a tenant", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  let serving: Stratum;
  let pool: TenantPool;

  beforeAll(async () => {
    await t.stratum.tenantPool();
    // One connection: whoever holds it has to look over it.
    serving = new QuickStratum({
      pool: t.database.newPool({ max: 1, connectionTimeoutMillis: 10_000 }),
      ...{ tenantTables: DECLARED, worker: false },
      cacheSize: 0,
    });
    pool = await serving.tenantPool();
  });
  afterAll(() => serving.close());

  const noticed = () => sleep(QUICK_MS * 1.5);
  const create = (name: string, isolation_strategy: Tenant["isolation_strategy"] = "SHARED_RLS") =>
    t.stratum.createTenant({ name, isolation_strategy });

  describe.each(STRATEGIES)("whose strategy is %s", (strategy) => {
    it("is refused once it is shut, and goes on once it is open again", async () => {
      const { id } = await create("shut meanwhile", strategy);
      await serving.runInTenant(id, async () => {
        await pool.query(COUNT);
        await t.stratum.suspendTenant(id);
        await noticed();
        for (let n = 0; n < 2; n += 1)
          expect(await codeOf(pool.query(COUNT))).toBe("TENANT_SUSPENDED");
        await t.stratum.resumeTenant(id);
        expect((await pool.query(COUNT)).rows).toEqual([{ n: 0 }]);
        await t.stratum.archiveTenant(id);
        await noticed();
        expect(await codeOf(pool.transaction((client) => client.query(COUNT)))).toBe(
          "TENANT_ARCHIVED",
        );
      });
    });

    it("is refused over a connection that it keeps, and ends the transaction that it is in", async () => {
      const { id } = await create("kept", strategy);
      await serving.runInTenant(id, async () => {
        const client = await pool.connect();
        try {
          await client.begin();
          await t.stratum.suspendTenant(id);
          await noticed();
          await client.query("insert into orders (note) values ('as it began')");
          await client.commit();
          expect(await codeOf(client.query(COUNT))).toBe("TENANT_SUSPENDED");
          expect(await codeOf(client.begin())).toBe("TENANT_SUSPENDED");
        } finally {
          client.release();
        }
      });
    });

    it("is refused once it is purged", async () => {
      const { id } = await create("purged", strategy);
      await serving.runInTenant(id, async () => {
        await pool.query(COUNT);
        await t.stratum.purgeTenant(id);
        await noticed();
        // A database that is gone is found missing before anybody looks.
        const gone = ["TENANT_NOT_FOUND", "TENANT_STORAGE_MISSING"];
        expect(gone).toContain(await codeOf(pool.query(COUNT)));
      });
    });
  });

  it("is refused once it is out of the caller's reach", async () => {
    const { a, b, child } = {
      ...(await t.grow(["a", ["child"]])),
      ...(await t.grow(["b"])),
    } as Record<string, Tenant>;
    const platform = { actor_id: "platform", actor_type: "system" } as const;
    const actor = { ...platform, actor_id: "job", tenant_id: a!.id };
    await runAs(actor, () =>
      serving.runInTenant(child!.id, async () => {
        await pool.query(COUNT);
        await runAs(platform, () => t.stratum.moveTenant(child!.id, b!.id));
        await noticed();
        expect(await codeOf(pool.query(COUNT))).toBe("TENANT_NOT_FOUND");
      }),
    );
  });

  it("looks no more often than that", async () => {
    const { id } = await create("looked at");
    const query = jest.spyOn(Client.prototype, "query");
    const start = performance.now();
    const now = jest.spyOn(performance, "now").mockReturnValue(start);
    const looks = () =>
      query.mock.calls.filter(([sent]) =>
        /from stratum\.tenants/.test((sent as unknown as { text?: string }).text ?? ""),
      ).length;
    await serving.runInTenant(id, async () => {
      const client = await pool.connect();
      query.mockClear();
      for (let n = 0; n < 3; n += 1) await client.query(COUNT);
      expect(looks()).toBe(0);
      now.mockReturnValue(start + QUICK_MS * 2);
      for (let n = 0; n < 3; n += 1) await client.query(COUNT);
      expect(looks()).toBe(1);
      client.release();
    });
    query.mockRestore();
    now.mockRestore();
  });
});
