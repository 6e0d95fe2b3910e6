import type { JsonValue, PermissionMode, PermissionPolicy, RevocationMode } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `permission_policies`. */
@Entity({ name: "permission_policies" })
@Unique("permission_policies_key_key", ["tenant_id", "key"])
@Check("permission_policies_key_check", "key ~ '^[A-Za-z0-9._:-]+$' and char_length(key) <= 255")
@Check("permission_policies_mode_check", "mode in ('LOCKED', 'INHERITED', 'DELEGATED')")
@Check(
  "permission_policies_revocation_mode_check",
  "revocation_mode in ('CASCADE', 'SOFT', 'PERMANENT')",
)
export class PermissionPolicyEntity implements PermissionPolicy {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "permission_policies_pkey" })
  id!: string;

  @Column("uuid")
  @ForeignKey(() => TenantEntity, { name: "permission_policies_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string;

  @Column({ type: "text", collation: "C" })
  key!: string;

  @Column("jsonb", { default: true })
  value!: JsonValue;

  @Column("text", { default: "INHERITED" })
  mode!: PermissionMode;

  @Column("text", { default: "CASCADE" })
  revocation_mode!: RevocationMode;

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;
}
