import { USAGE_QUANTITY_MAX } from "@stratum-hq/core";
import { defineFeature } from "../feature";
import { UsageApi } from "./usage.api";
import { UsageService } from "./usage.service";
import { TENANT_ROWS } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { UsageModule } from "./usage.module";
import { UsageEventEntity } from "./usage-event.entity";

export const USAGE = defineFeature({
  modules: [UsageModule],
  apis: [UsageApi],
  services: {
    recordUsage: UsageService,
    aggregateUsage: UsageService,
  },
  entities: [UsageEventEntity],
  constraintErrors: {
    usage_events_pkey: invalid("id", "the event exists"),
    usage_events_idempotency_key_key: invalid("idempotency_key", "the metric has an event of it"),
    usage_events_tenant_fkey: unknownTenant,
    usage_events_metric_check: invalid("metric", "expected 1 to 255 characters"),
    usage_events_quantity_check: invalid("quantity", `expected 0 to ${USAGE_QUANTITY_MAX}`),
    usage_events_idempotency_key_check: invalid("idempotency_key", "expected 1 to 255 characters"),
    usage_events_metadata_check: invalid("metadata", "expected an object"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "usage_events",
      part: "usage_events",
      key: ["metric", "occurred_at", "id"],
      exported: [
        ...["id", "tenant_id", "metric", "quantity", "idempotency_key", "metadata"],
        ...["occurred_at", "recorded_at"],
      ],
      withheld: [],
    },
  ],
});
