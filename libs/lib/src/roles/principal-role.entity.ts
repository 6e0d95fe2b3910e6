import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";
import { RoleEntity } from "./role.entity";

/** Table `principal_roles`: at most one role for each principal and tenant, and one platform-wide. */
@Entity({ name: "principal_roles" })
@Index("principal_roles_tenant_key", ["principal_type", "principal_id", "tenant_id"], {
  unique: true,
  where: "tenant_id is not null",
})
@Index("principal_roles_platform_key", ["principal_type", "principal_id"], {
  unique: true,
  where: "tenant_id is null",
})
@Index("principal_roles_role_idx", ["role_id"])
@Index("principal_roles_tenant_idx", ["tenant_id"])
@Check(
  "principal_roles_type_check",
  "principal_type ~ '^[a-z][a-z0-9_-]*$' and char_length(principal_type) <= 63",
)
@Check("principal_roles_principal_check", "char_length(principal_id) between 1 and 255")
export class PrincipalRoleEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "principal_roles_pkey" })
  id!: string;

  @Column("text")
  principal_type!: string;

  @Column("text")
  principal_id!: string;

  @Column("uuid", { nullable: true })
  @ForeignKey(() => TenantEntity, { name: "principal_roles_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string | null;

  @Column("uuid")
  @ForeignKey(() => RoleEntity, { name: "principal_roles_role_fkey", onDelete: "CASCADE" })
  role_id!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  assigned_at!: string;
}
