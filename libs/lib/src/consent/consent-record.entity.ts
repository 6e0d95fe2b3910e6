import type { ConsentRecord, JsonObject } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `consent_records`. */
@Entity({ name: "consent_records" })
@Unique("consent_records_subject_key", ["tenant_id", "subject_id", "purpose"])
@Index("consent_records_tenant_idx", ["tenant_id", "id"])
@Index("consent_records_expiry_idx", ["expires_at"], {
  where: "granted and expires_at is not null and expiry_recorded_at is null",
})
@Check("consent_records_subject_check", "char_length(subject_id) between 1 and 255")
@Check("consent_records_purpose_check", "char_length(purpose) between 1 and 255")
@Check("consent_records_revoked_check", "granted = (revoked_at is null)")
@Check("consent_records_metadata_check", "jsonb_typeof(metadata) = 'object'")
export class ConsentRecordEntity implements ConsentRecord {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "consent_records_pkey" })
  id!: string;

  @Column("uuid")
  @ForeignKey(() => TenantEntity, { name: "consent_records_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string;

  @Column({ type: "text", collation: "C" })
  subject_id!: string;

  @Column({ type: "text", collation: "C" })
  purpose!: string;

  @Column("boolean", { default: true })
  granted!: boolean;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  granted_at!: string;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  revoked_at!: string | null;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  expires_at!: string | null;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  expiry_recorded_at!: string | null;

  @Column("jsonb", { default: {} })
  metadata!: JsonObject;

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;
}
