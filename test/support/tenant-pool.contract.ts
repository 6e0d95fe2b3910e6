import { setTimeout as sleep } from "node:timers/promises";
import { withTenantContext, type TenantPool } from "@stratum-hq/db-adapters";
import { times } from "./scale";
import { codeOf } from "./use-stratum";
import { ROWS } from "./use-tenant-tables";

/** A pool under the contract, and the two tenants whose rows `orders` holds, {@link ROWS} each. */
export interface PoolUnderTest {
  readonly pool: TenantPool;
  readonly a: string;
  readonly b: string;
}

const INSERT = "insert into orders (note, amount) values ($1, $2) returning id, tenant_id";
const COUNT = "select count(*)::int as n from orders where note = $1";

/** What every adapter keeps to, under every placement of the tenants' rows. */
export function tenantPoolContract(name: string, make: () => PoolUnderTest): void {
  describe(`${name} as a tenants' pool`, () => {
    const countAs = async (tenant: string, note: string): Promise<number> => {
      const { pool } = make();
      const { rows } = await pool.scope.run(tenant, () => pool.query<{ n: number }>(COUNT, [note]));
      return rows[0]!.n;
    };

    it("commits what resolves, for its tenant alone, and takes back what rejects", async () => {
      const { pool, a, b } = make();
      const note = `${name} committed`;
      await withTenantContext(pool, a, async (client) => {
        const { rows } = await client.query(INSERT, [note, 1]);
        expect(rows).toMatchObject([{ tenant_id: a }]);
      });
      const failure = withTenantContext(pool, a, async (client) => {
        await client.query(INSERT, [note, 1]);
        throw new Error("of the work");
      });
      await expect(failure).rejects.toThrow("of the work");
      expect([await countAs(a, note), await countAs(b, note)]).toEqual([1, 0]);
    });

    it("nests: what fails inside is taken back alone", async () => {
      const { pool, a } = make();
      const note = `${name} nested`;
      await withTenantContext(pool, a, async (client) => {
        await client.query(INSERT, [note, 1]);
        const inner = client.transaction(async () => {
          await client.query(INSERT, [note, 2]);
          await client.transaction(() => client.query(INSERT, [note, 3]));
          await client.query(INSERT, [note, -1]);
        });
        await expect(inner).rejects.toMatchObject({ code: "23514" });
        await client.transaction(() => client.query(INSERT, [note, 4]));
        const { rows } = await client.query(
          "select amount from orders where note = $1 order by 1",
          [note],
        );
        expect(rows).toEqual([{ amount: 1 }, { amount: 4 }]);
      });
      expect(await countAs(a, note)).toBe(2);
    });

    it("serves tenants at once, each its own rows, with failures in between", async () => {
      const { pool, a, b } = make();
      const each = Array.from({ length: times(200, 5000) }, async (_, n) => {
        const tenant = n % 2 === 0 ? a : b;
        await sleep(Math.random() * 20);
        const foreign = await pool.scope.run(tenant, async () => {
          if (n % 7 === 0) await pool.query("select 1 / 0").catch(() => undefined);
          if (n % 11 === 0) {
            const failing = pool.transaction((client) => client.query(INSERT, ["never", -1]));
            await failing.catch(() => undefined);
          }
          const text = "select tenant_id from orders";
          const { rows } =
            n % 3 === 0
              ? await pool.transaction((client) => client.query(text))
              : await pool.query(text);
          expect(rows.length).toBeGreaterThanOrEqual(ROWS);
          return rows.filter(({ tenant_id }) => tenant_id !== tenant);
        });
        expect(foreign).toEqual([]);
      });
      await Promise.all(each);
    });

    it("goes on after a statement that failed, on the same connection and by the same name", async () => {
      const { pool, a } = make();
      await pool.scope.run(a, async () => {
        const client = await pool.connect();
        try {
          const text = "select 10 / $1::int as q";
          for (const divisor of [0, 5, 0, 2]) {
            const result = client.query(text, [divisor]);
            if (divisor === 0) await expect(result).rejects.toMatchObject({ code: "22012" });
            else expect((await result).rows).toEqual([{ q: 10 / divisor }]);
          }
        } finally {
          client.release();
        }
      });
    });

    it("tells who swallowed an error inside that nothing was committed", async () => {
      const { pool, a } = make();
      const note = `${name} swallowed`;
      const swallowing = withTenantContext(pool, a, async (client) => {
        await client.query(INSERT, [note, 1]);
        await client.query("select 1 / 0").catch(() => undefined);
      });
      expect(await codeOf(swallowing)).toBe("TRANSACTION_ABORTED");
      expect(await countAs(a, note)).toBe(0);
    });

    it("streams rows in a transaction, the tenant's own, also when the reader stops early", async () => {
      const { pool, a } = make();
      await withTenantContext(pool, a, async (client) => {
        const note = `${name} streamed`;
        const insert =
          "insert into orders (note, amount) select $1, n from generate_series(1, $2::int) as n";
        await client.query(insert, [note, 250]);
        const text = "select amount, tenant_id from orders where note = $1 order by amount";
        let expected = 0;
        for await (const row of client.stream(text, [note], { batch: 40 })) {
          expected += 1;
          expect(row).toEqual({ amount: expected, tenant_id: a });
        }
        expect(expected).toBe(250);
        for await (const row of client.stream(text, [note])) {
          expect(row["amount"]).toBe(1);
          break;
        }
        expect((await client.query("select name from pg_cursors where name <> ''")).rows).toEqual(
          [],
        );
      });
      const outside = pool.scope.run(a, async () => {
        const client = await pool.connect();
        try {
          return await client.stream("select 1").next();
        } finally {
          client.release();
        }
      });
      expect(await codeOf(outside)).toBe("TRANSACTION_REQUIRED");
    });

    it("has no rows for another tenant: not read, changed, taken over, nor given away", async () => {
      const { pool, a, b } = make();
      const [theirs] = (
        await pool.scope.run(b, () => pool.query("select id, note from orders limit 1"))
      ).rows;
      await pool.scope.run(a, async () => {
        const byId = [theirs!["id"]];
        expect((await pool.query("select from orders where id = $1", byId)).rowCount).toBe(0);
        expect((await pool.query("update orders set note = '' where id = $1", byId)).rowCount).toBe(
          0,
        );
        expect((await pool.query("delete from orders where id = $1", byId)).rowCount).toBe(0);
        const refused = [
          pool.query("insert into orders (tenant_id, note) values ($1, 'planted')", [b]),
          pool.query("update orders set tenant_id = $1", [b]),
        ];
        for (const each of refused) await expect(each).rejects.toMatchObject({ code: "42501" });
        // In a table of its own, the id is free, and the row is the tenant's.
        const upsert = pool.query(
          `insert into orders (id, note) values ($1, 'mine') on conflict (id) do update set note = 'mine'`,
          byId,
        );
        expect(["42501", "ok"]).toContain(await codeOf(upsert));
      });
      const { rows } = await pool.scope.run(b, () =>
        pool.query("select id, note from orders where id = $1", [theirs!["id"]]),
      );
      expect(rows).toEqual([theirs]);
    });
  });
}
