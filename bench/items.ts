import { randomBytes } from "node:crypto";
import { ContextKey, ContextSigner, enableRls } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import type { Work } from "./harness";

/** Loops at once, and calls of each. */
export const AT_ONCE = 16;
export const EACH = 25;

/** What signs contexts that the database of a workload verifies. */
export async function signerFor(pool: Pool): Promise<ContextSigner> {
  const key = new ContextKey(randomBytes(32));
  const { id, innerPad, outerPad } = key.copy();
  await pool.query("select stratum.install_context_key($1, $2, $3)", [id, innerPad, outerPad]);
  return new ContextSigner(key);
}

/** Makes a table of schema public hold tenants' rows. */
export async function underPolicies(pool: Pool, table: string): Promise<void> {
  const client = await pool.connect();
  try {
    await enableRls(client, table);
  } finally {
    client.release();
  }
}

/** Tables `items` and `plain_items` of the same rows of some tenants: under row-level security, and without. */
export async function seedItems(
  pool: Pool,
  tenants: readonly string[],
  rows: number,
): Promise<void> {
  for (const table of ["public.items", "public.plain_items"]) {
    await pool.query(`create table ${table} (
      tenant_id uuid not null, id integer not null, note text not null, primary key (tenant_id, id))`);
    await pool.query(
      `insert into ${table} select ($1::uuid[])[1 + n % $2], n / $2, md5(n::text) from generate_series(0, $3 - 1) as n`,
      [tenants, tenants.length, rows],
    );
  }
  await underPolicies(pool, "items");
  await pool.query("vacuum analyze public.items, public.plain_items");
}

/** {@link AT_ONCE} loops at once, each of which goes through the tenants. */
export function atOnce(
  tenants: readonly string[],
  one: (tenant: string, n: number) => Promise<unknown>,
): Work {
  const loop = async (_: unknown, start: number): Promise<void> => {
    for (let n = 0; n < EACH; n += 1) {
      await one(tenants[(start * EACH + n) % tenants.length] as string, n);
    }
  };
  return () => Promise.all(Array.from({ length: AT_ONCE }, loop));
}
