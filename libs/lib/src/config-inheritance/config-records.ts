import type { ConfigEntry, JsonObject } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";

type Records = [AuditChange[], OutboxEvent[]];

/** An entry as the audit log keeps it. */
function stateOf(entry: ConfigEntry | undefined): JsonObject | null {
  if (entry === undefined) return null;
  const { key, value, locked, version } = entry;
  return { key, value, locked, version };
}

function recordOf(
  action: "config.updated" | "config.deleted",
  before: ConfigEntry | undefined,
  after: ConfigEntry | undefined,
): AuditChange {
  const { tenant_id, key } = (after ?? before) as ConfigEntry;
  return {
    action,
    resource_type: "config",
    resource_id: key,
    tenant_id,
    before: stateOf(before),
    after: stateOf(after),
  };
}

/** Events name the key and its version, never the value. */
function eventOf(type: "config.updated" | "config.deleted", entry: ConfigEntry): OutboxEvent {
  return { type, tenant_id: entry.tenant_id, data: { key: entry.key, version: entry.version } };
}

export function writeRecords(
  written: readonly ConfigEntry[],
  before: ReadonlyMap<string, ConfigEntry>,
): Records {
  return [
    written.map((entry) => recordOf("config.updated", before.get(entry.key), entry)),
    written.map((entry) => eventOf("config.updated", entry)),
  ];
}

export function deletionRecords(entry: ConfigEntry): Records {
  return [[recordOf("config.deleted", entry, undefined)], [eventOf("config.deleted", entry)]];
}
