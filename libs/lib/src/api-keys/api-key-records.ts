import type { ApiKey, JsonObject } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";

/** A key as the audit log keeps it: neither itself nor its hash. */
function stateOf(key: ApiKey): JsonObject {
  const { id, name, role_id, expires_at, revoked_at, rate_limit_max, rate_limit_window } = key;
  const scopes = [...key.scopes];
  return { id, name, scopes, role_id, expires_at, revoked_at, rate_limit_max, rate_limit_window };
}

/** What is recorded of a key that was created, revoked, or (both states) replaced by another. */
export function keyRecords(
  type: "api_key.created" | "api_key.revoked" | "api_key.rotated",
  before: ApiKey | null,
  after: ApiKey,
): [AuditChange[], OutboxEvent[]] {
  const subject = before ?? after;
  const change: AuditChange = {
    action: type,
    resource_type: "api_key",
    resource_id: subject.id,
    tenant_id: subject.tenant_id,
    before: before === null ? null : stateOf(before),
    after: stateOf(after),
  };
  const data = {
    key_id: subject.id,
    name: after.name,
    ...(type === "api_key.rotated" ? { replaced_by: after.id } : {}),
  };
  return [[change], [{ type, tenant_id: subject.tenant_id, data }]];
}
