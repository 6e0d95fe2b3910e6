import type { Place } from "../crypto/envelope";
import { placeIn, type SealedColumn } from "../crypto/sealed-column";

/** Values of sensitive entries. */
export const CONFIG_VALUE: SealedColumn = {
  table: "config_entries",
  column: "value",
  row: "key",
  tenant: "tenant_id",
  where: "sensitive",
  text: "value #>> '{}'",
  cell: (text) => `to_jsonb(${text})`,
};

export function configPlace(tenantId: string, key: string): Place {
  return placeIn(CONFIG_VALUE, tenantId, key);
}
