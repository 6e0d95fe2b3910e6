import type { IsolationStrategy, JsonObject, TenantStatus } from "@stratum-hq/core";
import { Column, Entity, Index, PrimaryColumn, Unique } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import type { TenantRow } from "./tenant-row";

/**
 * Table `tenants`. The constraints on `path` and the foreign key on `parent_id` are stated by the
 * migration alone; TypeORM has no words for them.
 */
@Entity({ name: "tenants" })
@Unique("tenants_slug_key", ["slug"])
@Index("tenants_path_idx", ["path"])
@Index("tenants_siblings_idx", ["parent_id", "sort_order", "id"])
@Index("tenants_external_id_key", ["root_id", "external_id"], {
  unique: true,
  where: "external_id is not null",
})
export class TenantEntity implements TenantRow {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "tenants_pkey" })
  id!: string;

  @Column("uuid", { nullable: true })
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
