import type { JsonObject, RegionStatus } from "@stratum-hq/core";
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";

/** Table `regions`. */
@Entity({ name: "regions" })
@Unique("regions_slug_key", ["slug"])
@Index("regions_primary_key", ["is_primary"], { unique: true, where: "is_primary" })
@Check("regions_display_name_check", "char_length(display_name) between 1 and 255")
@Check("regions_slug_check", "slug ~ '^[a-z][a-z0-9_]*$' and char_length(slug) <= 63")
@Check("regions_database_url_check", "database_url like 'v1.%'")
@Check("regions_status_check", "status in ('active', 'draining', 'inactive')")
@Check("regions_metadata_check", "jsonb_typeof(metadata) = 'object'")
export class RegionEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "regions_pkey" })
  id!: string;

  @Column("text")
  display_name!: string;

  @Column({ type: "text", collation: "C" })
  slug!: string;

  @Column("text", { nullable: true })
  control_plane_url!: string | null;

  /** A ciphertext. */
  @Column("text", { nullable: true })
  database_url!: string | null;

  @Column("boolean", { default: false })
  is_primary!: boolean;

  @Column("text", { default: "active" })
  status!: RegionStatus;

  @Column("jsonb", { default: {} })
  metadata!: JsonObject;

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;
}
