import { ForbiddenError, InvalidTenantStateError } from "@stratum-hq/core";
import { scopesLackedBy, type Caller } from "../context/caller";
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
 * Refuses a tenant whose rows are going. One that is shut may be exported by those above it; its own callers are refused by
 * `Mutations`, as for every change.
 *
 * @throws InvalidTenantStateError
 */
export function requireExportable({ id, status }: TenantRow): void {
  if (status !== "purging") return;
  throw new InvalidTenantStateError(id, status, "export", ["active", "suspended", "archived"]);
}
