import { chainOf, RoleNotFoundError, type Role, type TenantPath } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { noteProbe } from "../context/probes";
import { isVisible } from "../tenancy/access";
import type { RoleRow } from "./role.store";

/**
 * Whether the caller, who asked for the role by its id, may know of it: global ones are for all. Where it
 * may not, that is a probe.
 */
export function isRoleVisible(caller: Caller, { id, path }: RoleRow): boolean {
  if (path === null || isVisible(caller, path)) return true;
  noteProbe(caller, { resource_type: "role", resource_id: id });
  return false;
}

/** A role as callers see it. */
export function toRole(row: RoleRow): Role {
  const { id, tenant_id, name, description, scopes, version, created_at, updated_at } = row;
  return { id, tenant_id, name, description, scopes, version, created_at, updated_at };
}

/** Whether the role counts for what is at the path, null for the platform. */
export function serves({ tenant_id }: Role, path: TenantPath | null): boolean {
  return tenant_id === null || (path !== null && chainOf(path).includes(tenant_id));
}

/**
 * The role, if it serves what is at the path: a role serves its own tenant and those below, a global
 * one everything, also the platform (`path` null).
 *
 * @throws RoleNotFoundError also for a role that the caller may not know of
 */
export function requireServing(
  role: RoleRow | undefined,
  roleId: string,
  path: TenantPath | null,
  caller: Caller,
): RoleRow {
  if (role === undefined || !isRoleVisible(caller, role) || !serves(role, path)) {
    throw new RoleNotFoundError(roleId);
  }
  return role;
}
