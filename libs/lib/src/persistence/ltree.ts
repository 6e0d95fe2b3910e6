import type { Pool } from "pg";
import { ownRows } from "@stratum-hq/db-adapters";

/** Where the ltree extension lives; the host may have installed it in any schema. */
export interface Ltree {
  /** A search_path under which ltree resolves, and a tenant's temporary tables shadow nothing. */
  readonly searchPath: string;
  /** An operator that resolves under any search_path, e.g. `OPERATOR("public".>)`. */
  readonly operator: (symbol: "<" | ">" | ">=") => string;
}

/** Finds the extension's schema. */
export async function locateLtree(pool: Pool): Promise<Ltree> {
  const rows = await ownRows<{ schema: string }>(
    pool,
    `select quote_ident(n.nspname) as schema from pg_catalog.pg_extension e
     join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'ltree'`,
  );
  const schema = rows[0]?.schema;
  if (schema === undefined) throw new Error("extension ltree was dropped after the migration");
  return {
    searchPath: `pg_catalog, ${schema}, pg_temp`,
    operator: (symbol) => `OPERATOR(${schema}.${symbol})`,
  };
}
