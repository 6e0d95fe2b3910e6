import { Injectable } from "@nestjs/common";
import { copyReferences, type TenantTables } from "@stratum-hq/db-adapters";
import { escapeIdentifier } from "pg";
import { TENANT_TABLES_LOCK } from "../persistence/advisory-locks";
import type { Transaction } from "../persistence/transaction";
import { SHARED_SCHEMA } from "./storage-names";
import { TenantTablesStore } from "./tenant-tables.store";

/** A schema of a tenant's own. */
export interface TenantSchema {
  readonly name: string;
  readonly tables: number;
}

/** The DDL of schemas that are each one tenant's. */
@Injectable()
export class TenantSchemaStore {
  constructor(private readonly tables: TenantTablesStore) {}

  /** Lets whoever brings reference tables up to date wait until the schemas made here are there. */
  async lock(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock_shared($1, 1)", [TENANT_TABLES_LOCK]);
  }

  /** Waits for schemas that are being made: what is committed now, those made later have. */
  async awaitMade(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock($1, 1)", [TENANT_TABLES_LOCK]);
  }

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
    return (await this.refresh(tx, schema, tables)) > 0 || isChanged || isNew;
  }

  /** Makes the schema's reference tables what those are that tenants share; how many rows had changed. */
  async refresh(tx: Transaction, schema: string, { references }: TenantTables): Promise<number> {
    return copyReferences(tx.client, references, { from: SHARED_SCHEMA, to: schema });
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
