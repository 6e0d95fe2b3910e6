import { effectiveScopes, ownOrRoleScopes, type TenantPath } from "@stratum-hq/core";
import { requireGrantable } from "../context/authorization";
import type { Caller } from "../context/caller";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { requireServing, serves } from "../roles/role-access";
import type { RoleStore } from "../roles/role.store";
import type { ApiKeyRow } from "./api-key.store";

/** The scopes in effect of a key, bundles expanded: its role's, while that serves it, or its own. */
export async function scopesOf(roles: RoleStore, key: ApiKeyRow, sql?: Sql): Promise<string[]> {
  const role = key.role_id === null ? undefined : await roles.find(key.role_id, sql);
  const role_scopes = role !== undefined && serves(role, key.path) ? role.scopes : null;
  return effectiveScopes(ownOrRoleScopes({ ...key, role_scopes }), key.tenant_id);
}

/**
 * Refuses a role that the caller may not give to the key: it serves the key's tenant, and gives the key
 * nothing that the caller lacks. It stays as it is until the transaction ends.
 *
 * @throws RoleNotFoundError, ScopeEscalationError
 */
export async function requireGrantableRole(
  tx: Transaction,
  roles: RoleStore,
  roleId: string,
  key: { readonly tenant_id: string | null; readonly path: TenantPath | null },
  caller: Caller,
): Promise<void> {
  const found = await roles.findLocked(tx, roleId, "share");
  const role = requireServing(found, roleId, key.path, caller);
  requireGrantable(caller, effectiveScopes(role.scopes, key.tenant_id), key.tenant_id);
}
