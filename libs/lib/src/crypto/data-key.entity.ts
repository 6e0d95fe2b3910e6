import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";

/** Table `tenant_keys`. */
@Entity({ name: "tenant_keys" })
@Check("tenant_keys_version_check", "version > 0")
@Check("tenant_keys_uses_check", "uses between 0 and 4294967296")
@Index("tenant_keys_version_key", ["tenant_id", "version"], {
  unique: true,
  where: "tenant_id is not null",
})
@Index("tenant_keys_platform_version_key", ["version"], {
  unique: true,
  where: "tenant_id is null",
})
export class DataKeyEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "tenant_keys_pkey" })
  id!: string;

  /** Null for the platform's. */
  @Column("uuid", { nullable: true })
  @ForeignKey("TenantEntity", { name: "tenant_keys_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string | null;

  @Column("integer")
  version!: number;

  @Column("text")
  master_key_id!: string;

  @Column("text")
  wrapped!: string;

  @Column("bigint", { default: 0 })
  uses!: number;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;
}
