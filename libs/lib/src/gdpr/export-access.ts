import { ForbiddenError, InvalidTenantStateError } from "@stratum-hq/core";
import { scopesLackedBy, type Caller } from "../context/caller";
import { requireActive } from "../tenancy/access";
import type { TenantRow } from "../tenancy/tenant-row";

const REVEAL = "config:reveal";

/** What an export is of, and for whom. */
export interface ExportTarget {
  readonly tenant_id: string;
  readonly caller: Caller;
  readonly include_secrets: boolean;
}

/** Refuses secrets to who may not see them. @throws ForbiddenError */
export function requireReveal({ include_secrets, caller }: ExportTarget): void {
  if (!include_secrets || scopesLackedBy(caller, [REVEAL]).length === 0) return;
  throw new ForbiddenError(`An export with include_secrets takes the scope ${REVEAL}.`, {
    missing: [REVEAL],
  });
}

/**
 * Refuses a tenant whose rows are going, and callers whose own tenant is shut: those above it may export it.
 *
 * @param own the tenant that bounds the caller; undefined for the platform
 * @throws InvalidTenantStateError, TenantSuspendedError, TenantArchivedError
 */
export function requireExportable({ id, status }: TenantRow, own: TenantRow | undefined): void {
  if (own !== undefined) requireActive(own, "export anything for");
  if (status !== "purging") return;
  throw new InvalidTenantStateError(id, status, "export", ["active", "suspended", "archived"]);
}
