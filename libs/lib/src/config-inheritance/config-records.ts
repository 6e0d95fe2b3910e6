import type { ConfigEntry, JsonObject } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";

type Records = [AuditChange[], OutboxEvent[]];

/** An entry as the audit log keeps it, which masks the value of a sensitive one. */
function stateOf(entry: ConfigEntry | undefined): JsonObject | null {
  if (entry === undefined) return null;
  const { key, value, locked, sensitive, version } = entry;
  return { key, value, locked, sensitive, version };
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

/** What is recorded of a single entry. */
export function entryRecords(
  written: readonly ConfigEntry[],
  before: ReadonlyMap<string, ConfigEntry>,
): Records {
  return [
    written.map((entry) => recordOf("config.updated", before.get(entry.key), entry)),
    written.map((entry) => eventOf("config.updated", entry)),
  ];
}

/** What is recorded of a batch: one row, since one tenant's rows changed, and an event of each entry. */
export function batchRecords(
  written: readonly ConfigEntry[],
  before: ReadonlyMap<string, ConfigEntry>,
): Records {
  const states = (entryOf: (entry: ConfigEntry) => ConfigEntry | undefined): JsonObject =>
    Object.fromEntries(written.map((entry) => [entry.key, stateOf(entryOf(entry))]));
  const row: AuditChange = {
    action: "config.updated",
    resource_type: "config",
    resource_id: null,
    tenant_id: (written[0] as ConfigEntry).tenant_id,
    before: states(({ key }) => before.get(key)),
    after: states((entry) => entry),
  };
  return [[row], written.map((entry) => eventOf("config.updated", entry))];
}

export function deletionRecords(entry: ConfigEntry): Records {
  return [[recordOf("config.deleted", entry, undefined)], [eventOf("config.deleted", entry)]];
}
