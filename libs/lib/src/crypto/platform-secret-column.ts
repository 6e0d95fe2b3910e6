import { placeIn, type SealedColumn } from "./sealed-column";
import type { Place } from "./envelope";

/** Secrets of the platform. Those of releases before encryption are no ciphertexts until they are read. */
export const PLATFORM_SECRET: SealedColumn = {
  table: "platform_secrets",
  column: "value",
  row: "name",
  tenant: null,
  where: "encode(value, 'escape') like 'v1.%'",
  text: "encode(value, 'escape')",
  cell: (text) => `decode(${text}, 'escape')`,
};

export function platformSecretPlace(name: string): Place {
  return placeIn(PLATFORM_SECRET, null, name);
}
