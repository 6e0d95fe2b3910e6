import { defineFeature } from "../feature";
import { TENANT_ROWS } from "./control-table";
import { invalid } from "./constraint-errors";
import { WebhookEventEntity } from "./webhook-event.entity";

export const PERSISTENCE = defineFeature({
  entities: [WebhookEventEntity],
  constraintErrors: {
    webhook_events_pkey: invalid("id", "the event exists"),
    webhook_events_type_check: invalid("type", "expected resource.event"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "webhook_events",
      part: "webhook_events",
      key: ["id"],
      exported: ["id", "type", "tenant_id", "operation_id", "data", "created_at"],
      withheld: ["tx"],
      disclosing: ["data"],
    },
  ],
});
