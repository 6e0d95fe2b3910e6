import type { PermissionBan } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `permission_bans`. */
@Entity({ name: "permission_bans" })
@Check("permission_bans_key_check", "key ~ '^[A-Za-z0-9._:-]+$' and char_length(key) <= 255")
export class PermissionBanEntity implements PermissionBan {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "permission_bans_pkey" })
  @ForeignKey(() => TenantEntity, { name: "permission_bans_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string;

  @PrimaryColumn({
    type: "text",
    collation: "C",
    primaryKeyConstraintName: "permission_bans_pkey",
  })
  key!: string;

  @Column("uuid", { nullable: true })
  banned_by!: string | null;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;
}
