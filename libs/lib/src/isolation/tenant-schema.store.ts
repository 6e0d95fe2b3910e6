import { Injectable } from "@nestjs/common";
import type { TenantTables } from "@stratum-hq/db-adapters";
import { escapeIdentifier } from "pg";
import type { Transaction } from "../persistence/transaction";
import { ReferenceTablesStore } from "./reference-tables.store";
import { TenantTablesStore } from "./tenant-tables.store";

/** A schema of a tenant's own. */
export interface TenantSchema {
  readonly name: string;
  readonly tables: number;
}

/** The DDL of schemas that are each one tenant's. */
@Injectable()
export class TenantSchemaStore {
  constructor(
    private readonly tables: TenantTablesStore,
    private readonly references: ReferenceTablesStore,
  ) {}

  /** Those of the schemas that there are. */
  async existing(tx: Transaction, names: readonly string[]): Promise<TenantSchema[]> {
    return tx.query<TenantSchema>(
      `select nspname as name, (select count(*)::int from pg_class
         where relnamespace = n.oid and relkind in ('r', 'p')) as tables
       from pg_namespace as n where nspname = any($1::text[]) order by nspname`,
      [names],
    );
  }

  /**
   * Makes the schema and the tables in it, as far as they are not there, with reference tables as they are in
   * the schema that tenants share; whether anything was lacking.
   *
   * @throws StoragePrivilegeMissingError
   */
  async make(tx: Transaction, schema: string, tables: TenantTables): Promise<boolean> {
    const isNew = (await this.existing(tx, [schema])).length === 0;
    if (isNew) await this.createSchema(tx, schema);
    const isChanged = await this.tables.create(tx, schema, tables);
    return (await this.references.copy(tx, schema, tables)) > 0 || isChanged || isNew;
  }

  /** Drops the schema and everything in it. */
  async drop(tx: Transaction, schema: string): Promise<void> {
    await tx.query(`drop schema ${escapeIdentifier(schema)} cascade`);
  }

  /** A schema that tenants can use and in which nobody but its owner creates anything. */
  private async createSchema(tx: Transaction, schema: string): Promise<void> {
    const name = escapeIdentifier(schema);
    const grant = "format('grant create on database %I to %I', current_database(), current_user)";
    await this.tables.permitted(tx, "schemas in this database", [grant], () =>
      tx.query(`create schema ${name}`),
    );
    // Default privileges of the host's may have granted something.
    await tx.query(`revoke all on schema ${name} from public, stratum_tenant, stratum_maintenance`);
    await tx.query(`grant usage on schema ${name} to stratum_tenant, stratum_maintenance`);
  }
}
