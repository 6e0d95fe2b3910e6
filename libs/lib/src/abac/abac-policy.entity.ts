import type { AbacCondition, AbacEffect, AbacPolicy, PermissionMode } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `abac_policies`. */
@Entity({ name: "abac_policies" })
@Unique("abac_policies_name_key", ["tenant_id", "resource_type", "action", "name"])
@Check("abac_policies_name_check", "char_length(name) between 1 and 255")
@Check(
  "abac_policies_resource_type_check",
  "resource_type ~ '^([A-Za-z0-9._:-]+[*]?|[*])$' and char_length(resource_type) <= 255",
)
@Check(
  "abac_policies_action_check",
  "action ~ '^([A-Za-z0-9._:-]+[*]?|[*])$' and char_length(action) <= 255",
)
@Check("abac_policies_effect_check", "effect in ('allow', 'deny')")
@Check("abac_policies_conditions_check", "jsonb_typeof(conditions) = 'array'")
@Check("abac_policies_mode_check", "mode in ('LOCKED', 'INHERITED', 'DELEGATED')")
export class AbacPolicyEntity implements AbacPolicy {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "abac_policies_pkey" })
  id!: string;

  @Column("uuid")
  @ForeignKey(() => TenantEntity, { name: "abac_policies_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string;

  @Column({ type: "text", collation: "C" })
  name!: string;

  @Column({ type: "text", collation: "C" })
  resource_type!: string;

  @Column({ type: "text", collation: "C" })
  action!: string;

  @Column("text")
  effect!: AbacEffect;

  @Column("jsonb", { default: [] })
  conditions!: AbacCondition[];

  @Column("integer", { default: 0 })
  priority!: number;

  @Column("text", { default: "INHERITED" })
  mode!: PermissionMode;

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;
}
