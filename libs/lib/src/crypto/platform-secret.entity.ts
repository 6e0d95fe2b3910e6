import { Column, Entity, PrimaryColumn } from "typeorm";
import { ISO_TIME } from "../persistence/iso-time";

/** Table `platform_secrets`. */
@Entity({ name: "platform_secrets" })
export class PlatformSecretEntity {
  @PrimaryColumn("text", { primaryKeyConstraintName: "platform_secrets_pkey" })
  name!: string;

  @Column("bytea")
  value!: Buffer;

  @Column("timestamptz", { default: () => "now()", transformer: ISO_TIME })
  created_at!: string;
}
