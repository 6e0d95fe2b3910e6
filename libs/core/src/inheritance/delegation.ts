import type { PermissionMode } from "../permissions/permission.schemas";
import { decisive } from "./chain";

/** A policy above, as far as it says what tenants below may do. */
export interface PolicyAbove {
  readonly tenant_id: string;
  readonly mode: PermissionMode;
}

/** Why a tenant may not have a policy of its own: by the policy in effect at its parent. */
export type DelegationRefusal =
  | { readonly reason: "locked"; readonly source_tenant_id: string }
  | { readonly reason: "not_delegated"; readonly source_tenant_id: string | null };

/**
 * What the policies above a tenant say to one of its own (semantics, Permissions): LOCKED forbids any,
 * INHERITED other modes than its own, DELEGATED none; where there is none, whoever may introduce the key.
 *
 * @param above the policies of the same key at the tenant's ancestors, root first
 * @param mode the mode that the tenant's policy has, or is to have; null where it is to go
 * @param mayIntroduce whether the tenant may have the key without anybody above having it
 */
export function delegationRefusal(
  above: readonly PolicyAbove[],
  mode: PermissionMode | null,
  mayIntroduce: boolean,
): DelegationRefusal | null {
  if (above.length === 0) {
    const allowed = mayIntroduce || mode === null;
    return allowed ? null : { reason: "not_delegated", source_tenant_id: null };
  }
  const { mode: effective, tenant_id } = decisive(above, (policy) => policy.mode === "LOCKED");
  switch (effective) {
    case "LOCKED":
      return { reason: "locked", source_tenant_id: tenant_id };
    case "INHERITED":
      return mode === null || mode === "INHERITED"
        ? null
        : { reason: "not_delegated", source_tenant_id: tenant_id };
    case "DELEGATED":
      return null;
  }
}
