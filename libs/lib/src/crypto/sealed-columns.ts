import type { Place } from "./envelope";

/** A column that holds ciphertexts. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column that tells a tenant's rows apart: {@link Place.row}. */
  readonly row: string;
  /** The column of the tenant; null where the rows are the platform's. */
  readonly tenant: string | null;
  readonly type: "jsonb" | "text" | "bytea";
}

const CONFIG_VALUE: SealedColumn = {
  table: "config_entries",
  column: "value",
  row: "key",
  tenant: "tenant_id",
  type: "jsonb",
};

const PLATFORM_SECRET: SealedColumn = {
  table: "platform_secrets",
  column: "value",
  row: "name",
  tenant: null,
  type: "bytea",
};

/** The place of a value of a sealed column. */
export function placeIn(
  { table, column }: SealedColumn,
  tenant_id: string | null,
  row: string,
): Place {
  return { tenant_id, table, column, row };
}

export function configPlace(tenantId: string, key: string): Place {
  return placeIn(CONFIG_VALUE, tenantId, key);
}

export function platformSecretPlace(name: string): Place {
  return placeIn(PLATFORM_SECRET, null, name);
}
