import type { ActorType, AuditEntry, JsonObject, JsonValue } from "@stratum-hq/core";
import { Check, Column, Entity, Index, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";

/** Table `audit_logs`. */
@Entity({ name: "audit_logs" })
@Index("audit_logs_tenant_idx", ["tenant_id", "id"])
@Index("audit_logs_actor_idx", ["actor_id", "id"])
@Index("audit_logs_action_idx", ["action", "id"])
@Index("audit_logs_resource_idx", ["resource_type", "resource_id", "id"], {
  where: "resource_type <> 'tenant'",
})
@Index("audit_logs_request_idx", ["request_id", "id"], { where: "request_id is not null" })
@Index("audit_logs_source_idx", ["source_ip", "id"], { where: "source_ip is not null" })
@Check("audit_logs_actor_type_check", "actor_type in ('api_key', 'jwt', 'system')")
export class AuditLogEntity implements AuditEntry {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "audit_logs_pkey" })
  id!: string;

  @Column("uuid")
  operation_id!: string;

  @Column("text")
  actor_id!: string;

  @Column("text")
  actor_type!: ActorType;

  @Column("text")
  action!: string;

  @Column("text")
  resource_type!: string;

  @Column("text", { nullable: true })
  resource_id!: string | null;

  @Column("uuid", { nullable: true })
  tenant_id!: string | null;

  @Column("text", { nullable: true })
  source_ip!: string | null;

  @Column("text", { nullable: true })
  request_id!: string | null;

  @Column("jsonb", { nullable: true })
  before_state!: JsonValue;

  @Column("jsonb", { nullable: true })
  after_state!: JsonValue;

  @Column("jsonb", { default: {} })
  metadata!: JsonObject;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  occurred_at!: string | null;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;
}
