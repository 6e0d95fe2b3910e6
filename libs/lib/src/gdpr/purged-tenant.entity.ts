import { Column, Entity, ForeignKey, PrimaryColumn } from "typeorm";
import { PurgeCertificateEntity } from "./purge-certificate.entity";

/** Table `purged_tenants`: the tombstones. */
@Entity({ name: "purged_tenants" })
export class PurgedTenantEntity {
  @PrimaryColumn("uuid", { primaryKeyConstraintName: "purged_tenants_pkey" })
  tenant_id!: string;

  @Column("uuid")
  @ForeignKey(() => PurgeCertificateEntity, { name: "purged_tenants_certificate_fkey" })
  certificate_id!: string;
}
