import type { JsonObject } from "@stratum-hq/core";
import type { AuditChange } from "../persistence/mutation-log.store";
import type { ExportTarget } from "./export-access";

/** The audit row of an export that begins, is done, or breaks off. */
export function exportRecord(
  action: "tenant.export_started" | "tenant.exported" | "tenant.export_failed",
  operationId: string,
  { tenant_id, include_secrets }: ExportTarget,
  metadata: JsonObject = {},
): AuditChange {
  return {
    action,
    resource_type: "tenant_export",
    resource_id: operationId,
    tenant_id,
    before: null,
    after: null,
    metadata: { include_secrets, ...metadata },
  };
}
