import { defineFeature } from "../feature";
import { OperationsApi } from "./operations.api";
import { OperationReadService } from "./operation-read.service";
import { OperationControlService } from "./operation-control.service";
import { TENANT_ROWS, TIMES } from "../persistence/control-table";
import { invalid } from "../persistence/constraint-errors";
import { OperationsModule } from "./operations.module";
import { OperationEntity } from "./operation.entity";

export const OPERATIONS = defineFeature({
  modules: [OperationsModule],
  apis: [OperationsApi],
  services: {
    getOperation: OperationReadService,
    listOperations: OperationReadService,
    cancelOperation: OperationControlService,
    resumeOperation: OperationControlService,
  },
  entities: [OperationEntity],
  constraintErrors: {
    operations_pkey: invalid("id", "the operation exists"),
    operations_state_check: invalid("state", "expected running, succeeded, failed or cancelled"),
    operations_type_check: invalid("type", "expected lower-case letters and _"),
    operations_actor_type_check: invalid("actor_type", "expected api_key, jwt or system"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "operations",
      part: "operations",
      key: ["id"],
      exported: [
        ...["id", "type", "tenant_id", "state", "progress", "cancel_requested", "cancellable"],
        ...["resumable", "error", "result", "actor_id", "actor_type", "source_ip", "request_id"],
        ...["attempts", "version", "heartbeat_at", ...TIMES, "finished_at"],
      ],
      withheld: ["params", "checkpoint", "claim_id", "started_by"],
    },
  ],
});
