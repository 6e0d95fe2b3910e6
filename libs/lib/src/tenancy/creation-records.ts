import type { JsonObject } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";
import type { NewConfigRow } from "./tenant-creation.store";
import { toTenant, type TenantRow } from "./tenant-row";

/** One audit row for each tenant; one event for each tenant and each of its configuration entries. */
export function creationRecords(
  rows: readonly TenantRow[],
  config: readonly NewConfigRow[],
): [AuditChange[], OutboxEvent[]] {
  const states = new Map<string, [string, JsonObject][]>();
  for (const { tenant_id, key, value, sensitive } of config) {
    const own = states.get(tenant_id) ?? [];
    own.push([key, { key, value, locked: false, sensitive, version: 1 }]);
    states.set(tenant_id, own);
  }
  const changes = rows.map((row): AuditChange => {
    const own = states.get(row.id);
    return {
      action: "tenant.created",
      resource_type: "tenant",
      resource_id: row.id,
      tenant_id: row.id,
      before: null,
      after:
        own === undefined ? toTenant(row) : { ...toTenant(row), config: Object.fromEntries(own) },
    };
  });
  const events = rows.map((row): OutboxEvent => ({
    type: "tenant.created",
    tenant_id: row.id,
    data: toTenant(row),
  }));
  for (const { tenant_id, key } of config) {
    events.push({ type: "config.updated", tenant_id, data: { key, version: 1 } });
  }
  return [changes, events];
}
