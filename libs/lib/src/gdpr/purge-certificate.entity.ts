import type { ActorType } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `purge_certificates`. */
@Entity({ name: "purge_certificates" })
@Index("purge_certificates_parent_idx", ["parent_id"])
@Check("purge_certificates_actor_type_check", "actor_type in ('api_key', 'jwt', 'system')")
export class PurgeCertificateEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "purge_certificates_pkey" })
  id!: string;

  @Column("uuid")
  tenant_id!: string;

  @Column("uuid", { nullable: true })
  @ForeignKey(() => TenantEntity, { name: "purge_certificates_parent_fkey", onDelete: "SET NULL" })
  parent_id!: string | null;

  @Column("boolean")
  subtree!: boolean;

  @Column("integer")
  tenants!: number;

  @Column("jsonb", { default: {} })
  deleted!: Record<string, number>;

  @Column("uuid", { array: true, default: [] })
  key_ids!: string[];

  @Column("text")
  actor_id!: string;

  @Column("text")
  actor_type!: ActorType;

  @Column("text", { nullable: true })
  request_id!: string | null;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  requested_at!: string;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  completed_at!: string | null;
}
