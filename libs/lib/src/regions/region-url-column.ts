import type { Place } from "../crypto/envelope";
import { placeIn, type SealedColumn } from "../crypto/sealed-column";

/** Database URLs of regions. */
export const REGION_URL: SealedColumn = {
  table: "regions",
  column: "database_url",
  row: "id",
  tenant: null,
  where: "database_url is not null",
  text: "database_url",
  cell: (text) => text,
};

export function regionPlace(regionId: string): Place {
  return placeIn(REGION_URL, null, regionId);
}
