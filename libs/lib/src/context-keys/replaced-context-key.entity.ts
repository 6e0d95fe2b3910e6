import { Check, Column, Entity, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";

/** Table `replaced_context_keys`: ids alone. */
@Entity({ name: "replaced_context_keys" })
@Check("replaced_context_keys_id_check", "key_id ~ '^[0-9a-f]{16}$'")
export class ReplacedContextKeyEntity {
  @PrimaryColumn("text", { primaryKeyConstraintName: "replaced_context_keys_pkey" })
  key_id!: string;

  @Column("timestamptz", { transformer: ISO_TIME })
  replaced_at!: string;

  /** Null while it is accepted still. */
  @Column("timestamptz", { nullable: true, transformer: ISO_TIME })
  retired_at!: string | null;
}
