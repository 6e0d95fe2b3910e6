import type { IsolationStrategy, JsonObject, TenantStatus } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import type { TenantRow } from "./tenant-row";

/** Table `tenants`. */
@Entity({ name: "tenants" })
@Unique("tenants_slug_key", ["slug"])
@Index("tenants_path_idx", ["path"])
@Index("tenants_siblings_idx", ["parent_id", "sort_order", "id"])
@Index("tenants_external_id_key", ["root_id", "external_id"], {
  unique: true,
  where: "external_id is not null",
})
@Index("tenants_region_idx", ["region_id"], { where: "region_id is not null" })
@Index("tenants_legal_hold_idx", ["path"], { where: "legal_hold" })
@Index("tenants_apart_idx", ["path"], { where: "isolation_strategy <> 'SHARED_RLS'" })
@Index("tenants_purge_idx", ["purge_id", "depth"], { where: "purge_id is not null" })
@Check("tenants_name_check", "char_length(name) between 1 and 255")
@Check("tenants_slug_check", "slug ~ '^[a-z][a-z0-9_]*$' and char_length(slug) <= 63")
@Check("tenants_external_id_check", "char_length(external_id) between 1 and 255")
@Check("tenants_metadata_check", "jsonb_typeof(metadata) = 'object'")
@Check(
  "tenants_isolation_strategy_check",
  "isolation_strategy in ('SHARED_RLS', 'SCHEMA_PER_TENANT', 'DB_PER_TENANT')",
)
@Check(
  "tenants_status_check",
  "status in ('provisioning', 'active', 'suspended', 'archived', 'purging')",
)
@Check("tenants_sort_order_check", "sort_order >= 0")
@Check("tenants_depth_check", "nlevel(path) between 1 and 20")
@Check("tenants_path_self_check", "ltree2text(subpath(path, -1)) = replace(id::text, '-', '')")
@Check(
  "tenants_path_parent_check",
  `case when parent_id is null then nlevel(path) = 1
        else nlevel(path) > 1
             and ltree2text(subpath(path, -2, 1)) = replace(parent_id::text, '-', '') end`,
)
export class TenantEntity implements TenantRow {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "tenants_pkey" })
  id!: string;

  @Column("uuid", { nullable: true })
  @ForeignKey(() => TenantEntity, { name: "tenants_parent_fkey" })
  parent_id!: string | null;

  @Column({ type: "ltree" })
  path!: string;

  @Column({ type: "integer", generatedType: "STORED", asExpression: "nlevel(path) - 1" })
  depth!: number;

  @Column({
    type: "uuid",
    generatedType: "STORED",
    asExpression: "ltree2text(subpath(path, 0, 1))::uuid",
  })
  root_id!: string;

  @Column("text")
  name!: string;

  @Column({ type: "text", collation: "C" })
  slug!: string;

  @Column("text", { nullable: true })
  external_id!: string | null;

  @Column("jsonb", { default: {} })
  metadata!: JsonObject;

  @Column("text", { default: "SHARED_RLS" })
  isolation_strategy!: IsolationStrategy;

  @Column("uuid", { nullable: true })
  @ForeignKey("RegionEntity", { name: "tenants_region_fkey" })
  region_id!: string | null;

  @Column("text", { default: "active" })
  status!: TenantStatus;

  @Column("text", { nullable: true })
  status_reason!: string | null;

  @Column("uuid", { nullable: true })
  suspension_id!: string | null;

  @Column("uuid", { nullable: true })
  suspended_by!: string | null;

  @Column("uuid", { nullable: true })
  archival_id!: string | null;

  @Column("uuid", { nullable: true })
  archived_by!: string | null;

  @Column("boolean", { default: false })
  legal_hold!: boolean;

  @Column("uuid", { nullable: true })
  held_by!: string | null;

  /** The operation that is taking it away. */
  @Column("uuid", { nullable: true })
  purge_id!: string | null;

  @Column("integer", { default: 0 })
  sort_order!: number;

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  deleted_at!: string | null;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;
}
