import type {
  ActorType,
  JsonObject,
  OperationFailure,
  OperationProgress,
  OperationState,
  OperationType,
} from "@stratum-hq/core";
import { Check, Column, Entity, Index, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";

/** Table `operations`. */
@Entity({ name: "operations" })
@Index("operations_tenant_idx", ["tenant_id", "id"])
@Index("operations_running_idx", ["heartbeat_at"], { where: "state = 'running'" })
@Check("operations_state_check", "state in ('running', 'succeeded', 'failed', 'cancelled')")
@Check("operations_type_check", "type ~ '^[a-z_]+$'")
@Check("operations_actor_type_check", "actor_type in ('api_key', 'jwt', 'system')")
export class OperationEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "operations_pkey" })
  id!: string;

  @Column("text")
  type!: OperationType;

  @Column("uuid", { nullable: true })
  tenant_id!: string | null;

  @Column("text", { default: "running" })
  state!: OperationState;

  @Column("jsonb", { default: {} })
  params!: JsonObject;

  @Column("jsonb")
  progress!: OperationProgress;

  @Column("jsonb", { default: {} })
  checkpoint!: JsonObject;

  @Column("boolean", { default: false })
  cancel_requested!: boolean;

  @Column("boolean", { default: true })
  cancellable!: boolean;

  @Column("boolean", { default: true })
  resumable!: boolean;

  @Column("jsonb", { nullable: true })
  error!: OperationFailure | null;

  @Column("jsonb", { nullable: true })
  result!: JsonObject | null;

  @Column("text")
  actor_id!: string;

  @Column("text")
  actor_type!: ActorType;

  @Column("text", { nullable: true })
  source_ip!: string | null;

  @Column("text", { nullable: true })
  request_id!: string | null;

  @Column("uuid", { nullable: true })
  started_by!: string | null;

  @Column("uuid")
  claim_id!: string;

  @Column("integer", { default: 1 })
  attempts!: number;

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { default: () => "clock_timestamp()", transformer: ISO_TIME })
  heartbeat_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  finished_at!: string | null;
}
