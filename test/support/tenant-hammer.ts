import { randomUUID } from "node:crypto";
import { withTenantContext, type TenantPool } from "@stratum-hq/db-adapters";
import type { TestDatabase } from "./test-database";

const TENANTS = 30;
const CLIENTS = 50;
const INSERT = "insert into orders (note, amount) values ($1, $2)";

/** One request of a tenant's, of a random kind; the tenants of the rows that it saw. */
type Request = (pool: TenantPool, tenant: string) => Promise<{ tenant_id?: unknown }[]>;

const KINDS: Request[] = [
  async (pool) => (await pool.query("select tenant_id from orders")).rows,
  async (pool, tenant) => (await pool.query(`${INSERT} returning tenant_id`, [tenant, 1])).rows,
  async (pool) =>
    (await pool.query("update orders set amount = amount + 1 returning tenant_id")).rows,
  (pool) =>
    pool.query("select 1 / 0").then(
      () => [],
      () => [],
    ),
  (pool, tenant) =>
    pool.transaction(async (client) => {
      await client.query(INSERT, [tenant, 2]);
      await client.transaction(() => client.query(INSERT, ["never", -1])).catch(() => undefined);
      return (await client.query("select tenant_id from orders")).rows;
    }),
  (pool) =>
    pool
      .transaction(async (client) => {
        await client.query(INSERT, ["never", 1]);
        throw new Error("of the application");
      })
      .catch(() => []),
  async (pool, tenant) => {
    const kept = await pool.connect();
    try {
      await kept.begin();
      await kept.query(INSERT, ["never", 1]);
      return (await kept.query("select tenant_id from orders where note = $1", [tenant])).rows;
    } finally {
      // In the transaction, which closes the connection.
      kept.release();
    }
  },
  (pool) =>
    pool.transaction(async (client) => {
      const seen = [];
      for await (const row of client.stream("select tenant_id from orders", [], { batch: 7 })) {
        seen.push(row);
      }
      return seen;
    }),
];

/**
 * Random tenants' requests, fifty at once, with failures in between; expects no row of another tenant in any
 * answer, nor in the database afterwards, nor what was taken back.
 */
export async function hammer(
  pool: TenantPool,
  { pool: superuser }: Pick<TestDatabase, "pool">,
  count: number,
): Promise<void> {
  const tenants = Array.from({ length: TENANTS }, () => randomUUID());
  let requests = 0;
  let rows = 0;
  const foreign: unknown[] = [];
  const client = async () => {
    while (requests < count) {
      requests += 1;
      const tenant = tenants[Math.floor(Math.random() * TENANTS)]!;
      const request = KINDS[Math.floor(Math.random() * KINDS.length)]!;
      const seen = await pool.scope.run(tenant, () => request(pool, tenant));
      rows += seen.length;
      foreign.push(...seen.filter(({ tenant_id }) => tenant_id !== tenant));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  expect(foreign).toEqual([]);
  expect(rows).toBeGreaterThan(count);
  const { rows: planted } = await superuser.query(
    "select from orders where note <> tenant_id::text and tenant_id = any($1)",
    [tenants],
  );
  expect(planted).toEqual([]);
  const [tenant = ""] = tenants;
  const left = await withTenantContext(pool, tenant, (c) =>
    c.query("select from orders where note = 'never'"),
  );
  expect(left.rowCount).toBe(0);
}
