/**
 * How purge takes a tenant's rows away: `rows` by deleting them; `audit` through
 * `stratum.erase_audit_logs` alone; `last` for the tenant's own row, once it has no others.
 */
export type Erasure = "rows" | "audit" | "last";

/**
 * A column whose values are ciphertexts in some rows: `flag` is true in those, and `row` tells them
 * apart, in the ciphertexts too.
 */
export interface SealedValues {
  readonly column: string;
  readonly flag: string;
  readonly row: string;
}

/** A table that holds rows of tenants: what an export has of them, and how purge takes them away. */
export interface ControlTable {
  readonly schema: string;
  readonly table: string;
  /** What an export calls its rows. */
  readonly part: string;
  /** The column that names the tenant of a row; where that is null, the row is the platform's. */
  readonly tenant: string;
  /** Columns that tell the rows of one tenant apart, in the order in which an export has them. */
  readonly key: readonly string[];
  /** Columns that an export has, in its order. */
  readonly exported: readonly string[];
  /** Columns that no export has: hashes, wrapped keys, marks of our own, and tenants above. */
  readonly withheld: readonly string[];
  /** Columns, exported, whose values may name tenants above: whole values, or members of JSON. */
  readonly disclosing?: readonly string[];
  readonly sealed?: SealedValues;
  readonly erasure: Erasure;
}

/** Injects the control tables that all features declare, in the order of an export. */
export const CONTROL_TABLES = Symbol("stratum.control_tables");

/** What most control tables have in common. */
export const TENANT_ROWS = { schema: "stratum", tenant: "tenant_id", erasure: "rows" } as const;

/** When a row was made, and when it changed last. */
export const TIMES = ["created_at", "updated_at"] as const;
