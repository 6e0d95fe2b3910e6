import type { AbacPolicy, JsonObject } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";

/** What an event tells of a policy: not its conditions, which may name people. */
function eventDataOf({ id, resource_type, action, name, effect, mode }: AbacPolicy): JsonObject {
  return { policy_id: id, resource_type, action, name, effect, mode };
}

/** What is recorded of a policy that was created. */
export function creationRecords(policy: AbacPolicy): [AuditChange[], OutboxEvent[]] {
  const { id, tenant_id, name, resource_type, action, effect, priority, mode, version } = policy;
  const conditions = policy.conditions.map((condition) => ({ ...condition }));
  const change: AuditChange = {
    action: "abac_policy.created",
    resource_type: "abac_policy",
    resource_id: id,
    tenant_id,
    before: null,
    after: { name, resource_type, action, effect, conditions, priority, mode, version },
  };
  return [[change], [{ type: "abac_policy.created", tenant_id, data: eventDataOf(policy) }]];
}

/** The event of a deletion, for the caches of the tenant and those below. */
export function deletionEvent(policy: AbacPolicy): OutboxEvent {
  const { tenant_id } = policy;
  return { type: "abac_policy.deleted", tenant_id, data: eventDataOf(policy) };
}
