import { TenantIdColumn } from "@stratum-hq/lib";
import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

/** A row, and what its writer took itself for. */
@Entity("orders")
export class Order {
  @PrimaryGeneratedColumn("uuid")
  id!: string;

  @TenantIdColumn()
  tenant_id!: string;

  @Column("text")
  note!: string;

  @Column("int", { default: 0 })
  touched!: number;
}

/** A note that no row may ever have: what wrote it failed. */
export const NEVER = "never";
