import {
  chainOf,
  ForbiddenError,
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
import { noteProbe } from "../context/probes";

/** Whether the caller's bound lets it see what is at the path. */
export function isVisible(caller: Caller, path: TenantPath): boolean {
  return caller.bound_to === null || isWithin(path, caller.bound_to);
}

/** The same of a tenant that the caller asked for by its id: where it may not see it, that is a probe. */
export function isVisibleAsked(caller: Caller, path: TenantPath): boolean {
  if (isVisible(caller, path)) return true;
  noteProbe(caller, { resource_type: "tenant", resource_id: chainOf(path).at(-1) ?? "" });
  return false;
}

/** The row, if it is there and the caller may see it; an invisible one is answered as an unknown one. */
export function requireVisible<Row extends { path: TenantPath }>(
  row: Row | undefined,
  caller: Caller,
  lookup: ConstructorParameters<typeof TenantNotFoundError>[0],
): Row {
  if (row !== undefined && isVisibleAsked(caller, row.path)) return row;
  throw new TenantNotFoundError(lookup);
}

/**
 * The same for a tenant of which only the chain is known, ids from the root to itself.
 *
 * @param lookup by what it was asked for, where that was not its id
 */
export function requireOnChain(
  chain: readonly string[],
  caller: Caller,
  lookup?: ConstructorParameters<typeof TenantNotFoundError>[0],
): void {
  if (caller.bound_to !== null && !chain.includes(caller.bound_to)) {
    const tenant_id = chain.at(-1) ?? "";
    noteProbe(caller, { resource_type: "tenant", resource_id: tenant_id });
    throw new TenantNotFoundError(lookup ?? { tenant_id });
  }
}

/** Refuses callers bound to a tenant. @throws ForbiddenError */
export function requirePlatform({ bound_to }: Caller): void {
  if (bound_to === null) return;
  throw new ForbiddenError("Only the platform may do this. Name a tenant of yours.", {
    tenant_id: bound_to,
  });
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
