import type { JsonObject, Region } from "@stratum-hq/core";
import type { AuditChange, OutboxEvent } from "../persistence/mutation-log.store";

function stateOf(region: Region | null): JsonObject | null {
  if (region === null) return null;
  const { display_name, slug, control_plane_url, database_url, is_primary, status } = region;
  const { metadata, version } = region;
  return {
    ...{ display_name, slug, control_plane_url, database_url, is_primary, status },
    ...{ metadata, version },
  };
}

/**
 * What is recorded of a region. Its event is for caches alone: nobody subscribes to regions.
 *
 * @param urlChanged whether it has another database URL, which the states do not show
 */
export function regionRecords(
  type: "region.created" | "region.updated" | "region.deleted",
  before: Region | null,
  after: Region | null,
  urlChanged = false,
): [AuditChange, OutboxEvent] {
  const { id, slug, status } = (after ?? before) as Region;
  const change: AuditChange = {
    action: type,
    resource_type: "region",
    resource_id: id,
    tenant_id: null,
    before: stateOf(before),
    after: stateOf(after),
    metadata: urlChanged ? { database_url_changed: true } : {},
  };
  return [change, { type, tenant_id: null, data: { region_id: id, slug, status } }];
}
