import type { Role } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `roles`. */
@Entity({ name: "roles" })
@Index("roles_name_key", ["tenant_id", "name"], { unique: true, where: "tenant_id is not null" })
@Index("roles_global_name_key", ["name"], { unique: true, where: "tenant_id is null" })
@Check("roles_name_check", "char_length(name) between 1 and 100")
export class RoleEntity implements Role {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "roles_pkey" })
  id!: string;

  @Column("uuid", { nullable: true })
  @ForeignKey(() => TenantEntity, { name: "roles_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string | null;

  @Column("text")
  name!: string;

  @Column("text", { nullable: true })
  description!: string | null;

  @Column("text", { array: true })
  scopes!: string[];

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;
}
