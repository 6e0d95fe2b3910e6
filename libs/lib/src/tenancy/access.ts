import {
  InvalidTenantStateError,
  isWithin,
  TenantArchivedError,
  TenantNotFoundError,
  TenantSuspendedError,
  VersionConflictError,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";

/** Whether the caller's bound lets it see what is at the path. */
export function isVisible(caller: Caller, path: TenantPath): boolean {
  return caller.bound_to === null || isWithin(path, caller.bound_to);
}

/** The row, if it is there and the caller may see it; an invisible one is answered as an unknown one. */
export function requireVisible<Row extends { path: TenantPath }>(
  row: Row | undefined,
  caller: Caller,
  lookup: ConstructorParameters<typeof TenantNotFoundError>[0],
): Row {
  if (row === undefined || !isVisible(caller, row.path)) throw new TenantNotFoundError(lookup);
  return row;
}

/** The same for a tenant of which only the chain is known, ids from the root to itself. */
export function requireOnChain(chain: readonly string[], { bound_to }: Caller): void {
  if (bound_to !== null && !chain.includes(bound_to)) {
    throw new TenantNotFoundError({ tenant_id: chain.at(-1) ?? "" });
  }
}

/** The error that a tenant's state causes for an operation that needs it active; null for none. */
export function inactivityOf(
  tenant: { readonly id: string | null; readonly status: TenantStatus },
  operation: string,
): TenantSuspendedError | TenantArchivedError | InvalidTenantStateError | null {
  switch (tenant.status) {
    case "active":
      return null;
    case "suspended":
      return new TenantSuspendedError(tenant.id);
    case "archived":
      return new TenantArchivedError(tenant.id);
    default:
      return new InvalidTenantStateError(tenant.id, tenant.status, operation, ["active"]);
  }
}

/** Refuses an operation on a tenant that is not active. */
export function requireActive(
  tenant: { readonly id: string | null; readonly status: TenantStatus },
  operation: string,
): void {
  const error = inactivityOf(tenant, operation);
  if (error !== null) throw error;
}

/**
 * Refuses a row whose version is not the one that the caller last read.
 *
 * @param what the row is, for the message
 * @throws VersionConflictError
 */
export function requireVersion(
  { id, version }: { readonly id: string; readonly version: number },
  expected: number | undefined,
  what = "Tenant",
): void {
  if (expected !== undefined && expected !== version) {
    throw new VersionConflictError(`${what} ${id}`, expected, version);
  }
}
