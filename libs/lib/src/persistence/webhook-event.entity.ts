import type { JsonObject } from "@stratum-hq/core";
import { Check, Column, Entity, Index, PrimaryColumn } from "typeorm";

/** Table `webhook_events`: the outbox, which is also the change feed. */
@Entity({ name: "webhook_events" })
@Index("webhook_events_tx_idx", ["tx"])
@Index("webhook_events_tenant_idx", ["tenant_id", "id"])
@Check("webhook_events_type_check", "type ~ '^[a-z_]+\\.[a-z_]+$'")
export class WebhookEventEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "webhook_events_pkey" })
  id!: string;

  @Column("text")
  type!: string;

  @Column("uuid", { nullable: true })
  tenant_id!: string | null;

  @Column("uuid")
  operation_id!: string;

  @Column("jsonb", { default: {} })
  data!: JsonObject;

  @Column("timestamptz", { default: () => "now()" })
  created_at!: string;

  /** The transaction that wrote the event. */
  @Column("xid8" as "text", { default: () => "pg_current_xact_id()" })
  tx!: string;
}
