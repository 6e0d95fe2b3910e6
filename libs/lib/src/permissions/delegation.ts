import {
  delegationRefusal,
  PermissionNotDelegatedError,
  type PermissionMode,
  type PermissionOrigin,
  type PolicyAbove,
  type StratumError,
  type TenantPath,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { knownTo } from "../tenancy/disclosure";

/** A policy that a tenant wants to have, or to be rid of. */
export interface WantedPolicy {
  readonly key: string;
  /** The mode that it is to have; null where it is to go. */
  readonly mode: PermissionMode | null;
  /** The error that a LOCKED policy of the key above answers with; null hides whose that is. */
  readonly locked: (key: string, sourceTenantId: string | null) => StratumError;
}

/** Whether a tenant may have a policy of which no tenant above has one. */
function mayIntroduce(
  origin: PermissionOrigin | undefined,
  path: TenantPath,
  { bound_to }: Caller,
): boolean {
  const isRoot = !path.includes(".");
  return origin !== "root" || isRoot || bound_to === null;
}

/**
 * Refuses a policy that the tenants above do not let the tenant have.
 *
 * @throws what `locked` makes, or PermissionNotDelegatedError
 */
export function requireDelegated(
  { path, above }: { readonly path: TenantPath; readonly above: readonly PolicyAbove[] },
  { key, mode, locked }: WantedPolicy,
  origin: PermissionOrigin | undefined,
  caller: Caller,
): void {
  const refusal = delegationRefusal(above, mode, mayIntroduce(origin, path, caller));
  if (refusal === null) return;
  const { reason, source_tenant_id: source } = refusal;
  if (source === null) throw new PermissionNotDelegatedError(key, null, true);
  const known = knownTo(caller, path, source);
  throw reason === "locked" ? locked(key, known) : new PermissionNotDelegatedError(key, known);
}
