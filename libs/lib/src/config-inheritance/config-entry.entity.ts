import type { ConfigEntry, JsonValue } from "@stratum-hq/core";
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `config_entries`. */
@Entity({ name: "config_entries" })
@Check("config_entries_key_check", "key ~ '^[A-Za-z0-9._:-]+$' and char_length(key) <= 255")
@Check(
  "config_entries_sealed_check",
  "not sensitive or (jsonb_typeof(value) = 'string' and value #>> '{}' like 'v1.%')",
)
export class ConfigEntryEntity implements ConfigEntry {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "config_entries_pkey" })
  @ForeignKey(() => TenantEntity, { name: "config_entries_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string;

  @PrimaryColumn({
    type: "text",
    collation: "C",
    primaryKeyConstraintName: "config_entries_pkey",
  })
  key!: string;

  @Column("jsonb")
  value!: JsonValue;

  @Column("boolean", { default: false })
  locked!: boolean;

  @Column("boolean", { default: false })
  sensitive!: boolean;

  @Column("integer", { default: 1 })
  version!: number;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  updated_at!: string;
}
