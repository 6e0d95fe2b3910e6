import type { Place } from "./envelope";

/** A column that holds ciphertexts, and how SQL reads and writes them. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column that tells a tenant's rows apart: {@link Place.row}. */
  readonly row: string;
  /** The column of the tenant; null where the rows are the platform's. */
  readonly tenant: string | null;
  /** Which rows have a ciphertext there. */
  readonly where: string;
  /** The ciphertext as text. */
  readonly text: string;
  /** What the column takes, of SQL for the text. */
  readonly cell: (text: string) => string;
}

/** Injects the sealed columns that all features declare. */
export const SEALED_COLUMNS = Symbol("stratum.sealed_columns");

/** The place of a value of a sealed column. */
export function placeIn(
  { table, column }: Pick<SealedColumn, "table" | "column">,
  tenant_id: string | null,
  row: string,
): Place {
  return { tenant_id, table, column, row };
}
