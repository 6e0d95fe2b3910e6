import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";
import { TenantEntity } from "../tenancy/tenant.entity";

/** Table `api_keys`. */
@Entity({ name: "api_keys" })
@Unique("api_keys_hash_key", ["key_hash"])
@Index("api_keys_tenant_idx", ["tenant_id", "id"])
@Index("api_keys_role_idx", ["role_id"], { where: "role_id is not null" })
@Check("api_keys_name_check", "char_length(name) between 1 and 255")
@Check("api_keys_hash_check", "octet_length(key_hash) = 32")
@Check("api_keys_rate_limit_check", "rate_limit_max > 0 and rate_limit_window > 0")
export class ApiKeyEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "api_keys_pkey" })
  id!: string;

  @Column("uuid", { nullable: true })
  @ForeignKey(() => TenantEntity, { name: "api_keys_tenant_fkey", onDelete: "CASCADE" })
  tenant_id!: string | null;

  @Column("text", { nullable: true })
  name!: string | null;

  @Column("text")
  key_prefix!: string;

  @Column("text")
  key_hint!: string;

  @Column("bytea")
  key_hash!: Buffer;

  @Column("text", { array: true })
  scopes!: string[];

  @Column("uuid", { nullable: true })
  role_id!: string | null;

  @Column("integer", { nullable: true })
  rate_limit_max!: number | null;

  /** Milliseconds. */
  @Column("integer", { nullable: true })
  rate_limit_window!: number | null;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  expires_at!: string | null;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  last_used_at!: string | null;

  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  revoked_at!: string | null;

  @Column("uuid", { nullable: true })
  replaced_by!: string | null;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;
}
