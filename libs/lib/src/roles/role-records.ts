import type { JsonObject, Role } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";

function stateOf(role: Role | null): JsonObject | null {
  if (role === null) return null;
  const { name, description, scopes, version } = role;
  return { name, description, scopes: [...scopes], version };
}

/** What is recorded of a role that was created, updated or deleted. */
export function roleRecords(
  type: "role.created" | "role.updated" | "role.deleted",
  before: Role | null,
  after: Role | null,
): [AuditChange[], OutboxEvent[]] {
  const { id, tenant_id, name } = (after ?? before) as Role;
  const change: AuditChange = {
    action: type,
    resource_type: "role",
    resource_id: id,
    tenant_id,
    before: stateOf(before),
    after: stateOf(after),
  };
  return [[change], [{ type, tenant_id, data: { role_id: id, name } }]];
}

/** Who or what has a role, or had. */
export interface RoleHolder {
  readonly resource_type: "api_key" | "principal";
  readonly resource_id: string;
  readonly tenant_id: string | null;
}

/** What is recorded when a role is given, or (`after` null) taken away. */
export function assignmentRecords(
  { resource_type, resource_id, tenant_id }: RoleHolder,
  before: string | null,
  after: string | null,
): [AuditChange[], OutboxEvent[]] {
  const type = after === null ? "role.removed" : "role.assigned";
  const change: AuditChange = {
    action: type,
    resource_type,
    resource_id,
    tenant_id,
    before: { role_id: before },
    after: { role_id: after },
  };
  const data = { resource_type, resource_id, role_id: after ?? before };
  return [[change], [{ type, tenant_id, data }]];
}
