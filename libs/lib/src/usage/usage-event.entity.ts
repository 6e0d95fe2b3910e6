import type { JsonObject, UsageEvent } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `usage_events`. */
@Entity({ name: "usage_events" })
@Index("usage_events_idempotency_key_key", ["tenant_id", "metric", "idempotency_key"], {
  unique: true,
  where: "idempotency_key is not null",
})
@Index("usage_events_tenant_idx", ["tenant_id", "metric", "occurred_at"])
@Check("usage_events_metric_check", "char_length(metric) between 1 and 255")
@Check("usage_events_quantity_check", "quantity between 0 and 1000000000000000")
@Check("usage_events_idempotency_key_check", "char_length(idempotency_key) between 1 and 255")
@Check("usage_events_metadata_check", "jsonb_typeof(metadata) = 'object'")
export class UsageEventEntity implements UsageEvent {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "usage_events_pkey" })
  id!: string;

  @Column("uuid")
  @ForeignKey(() => TenantEntity, { name: "usage_events_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string;

  @Column({ type: "text", collation: "C" })
  metric!: string;

  @Column("numeric", {
    default: 1,
    transformer: { from: Number, to: (quantity: unknown) => quantity },
  })
  quantity!: number;

  @Column({ type: "text", collation: "C", nullable: true })
  idempotency_key!: string | null;

  @Column("jsonb", { default: {} })
  metadata!: JsonObject;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  occurred_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  recorded_at!: string;
}
