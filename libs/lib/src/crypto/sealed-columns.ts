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

const CONFIG_VALUE: SealedColumn = {
  table: "config_entries",
  column: "value",
  row: "key",
  tenant: "tenant_id",
  where: "sensitive",
  text: "value #>> '{}'",
  cell: (text) => `to_jsonb(${text})`,
};

const PLATFORM_SECRET: SealedColumn = {
  table: "platform_secrets",
  column: "value",
  row: "name",
  tenant: null,
  where: "encode(value, 'escape') like 'v1.%'",
  text: "encode(value, 'escape')",
  cell: (text) => `decode(${text}, 'escape')`,
};

const REGION_URL: SealedColumn = {
  table: "regions",
  column: "database_url",
  row: "id",
  tenant: null,
  where: "database_url is not null",
  text: "database_url",
  cell: (text) => text,
};

const SEALED_COLUMNS = [CONFIG_VALUE, PLATFORM_SECRET, REGION_URL];

/** The columns with ciphertexts under a tenant's key, or under the platform's: what its rotation writes anew. */
export function sealedColumnsOf(tenantId: string | null): readonly SealedColumn[] {
  return SEALED_COLUMNS.filter(({ tenant }) => (tenant === null) === (tenantId === null));
}

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

export function regionPlace(regionId: string): Place {
  return placeIn(REGION_URL, null, regionId);
}
