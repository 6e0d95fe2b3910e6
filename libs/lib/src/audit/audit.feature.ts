import { defineFeature } from "../feature";
import { AuditApi } from "./audit.api";
import { AuditExportService } from "./audit-export.service";
import { AuditService } from "./audit.service";
import { TENANT_ROWS } from "../persistence/control-table";
import { invalid } from "../persistence/constraint-errors";
import { AuditModule } from "./audit.module";
import { RefusalsModule } from "./refusals.module";
import { AuditLogEntity } from "./audit-log.entity";

export const AUDIT = defineFeature({
  modules: [AuditModule, RefusalsModule],
  apis: [AuditApi],
  services: {
    exportAuditLogs: AuditExportService,
    queryAuditLogs: AuditService,
    getAuditEntry: AuditService,
    recordAuditEvent: AuditService,
  },
  entities: [AuditLogEntity],
  constraintErrors: {
    audit_logs_pkey: invalid("id", "the audit entry exists"),
    audit_logs_actor_type_check: invalid("actor_type", "expected api_key, jwt or system"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "audit_logs",
      part: "audit_logs",
      key: ["id"],
      exported: [
        ...["id", "operation_id", "actor_id", "actor_type", "action", "resource_type"],
        ...["resource_id", "tenant_id", "source_ip", "request_id", "before_state", "after_state"],
        ...["metadata", "occurred_at", "created_at"],
      ],
      withheld: [],
      disclosing: ["before_state", "after_state"],
      erasure: "audit",
    },
  ],
});
