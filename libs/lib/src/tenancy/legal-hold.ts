import { chainOf, ForbiddenError } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { TenantRow } from "./tenant-row";

/** Whether a tenant is on legal hold, and the bound of who holds it: null for the platform. */
export type LegalHold = Pick<TenantRow, "legal_hold" | "held_by">;

/**
 * What becomes of a tenant's legal hold. It is the uppermost level's that asked for it, and is lifted by that
 * level or one above: nobody frees themselves from what was laid upon them.
 *
 * @param wanted undefined to leave it as it is
 * @throws ForbiddenError for lifting what a level above holds
 */
export function legalHoldAfter(
  row: TenantRow,
  wanted: boolean | undefined,
  caller: Caller,
): LegalHold {
  const { legal_hold, held_by } = row;
  const asIs = { legal_hold, held_by };
  if (wanted === undefined || (!wanted && !legal_hold)) return asIs;
  const level = levelOf(row, caller.bound_to);
  if (wanted) {
    return legal_hold && levelOf(row, held_by) <= level
      ? asIs
      : { legal_hold: true, held_by: caller.bound_to };
  }
  if (levelOf(row, held_by) >= level) return { legal_hold: false, held_by: null };
  throw new ForbiddenError(`Tenant ${row.id} is on legal hold by a level above. Ask that level.`, {
    tenant_id: row.id,
  });
}

/** How far down a level stands; the platform, and a tenant that is no longer on the chain, above all. */
function levelOf({ path }: TenantRow, tenantId: string | null): number {
  return tenantId === null ? -1 : chainOf(path).indexOf(tenantId);
}
