import { Injectable } from "@nestjs/common";
import type { PurgeObstacle } from "@stratum-hq/core";
import { bindToTenant, type TenantTables } from "@stratum-hq/db-adapters";
import { escapeIdentifier } from "pg";
import type { Transaction } from "../persistence/transaction";
import { ReferenceTablesStore } from "./reference-tables.store";
import { TenantTablesStore } from "./tenant-tables.store";

/** A schema of a tenant's own. */
export interface TenantSchema {
  readonly name: string;
  readonly tables: number;
}

/** What is outside of a schema and would be dropped along with it. */
const OUTSIDERS = `
  select distinct format('%s %I.%I', case v.relkind when 'm' then 'materialized view' else 'view' end, n.nspname, v.relname) as object,
    format('it reads %I.%I, and would be dropped along: drop or change it first', $1::text, t.relname) as problem
  from pg_class t join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = t.oid
  join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
  join pg_class v on v.oid = r.ev_class and v.relkind in ('v', 'm') join pg_namespace n on n.oid = v.relnamespace
  where t.relnamespace = (select oid from pg_namespace where nspname = $1) and v.relnamespace <> t.relnamespace
  union
  select format('foreign key %I of %s', f.conname, f.conrelid::regclass),
    format('it refers to %I.%I, and would be dropped along: drop it first', $1::text, t.relname)
  from pg_constraint f join pg_class t on t.oid = f.confrelid join pg_class o on o.oid = f.conrelid
  where f.contype = 'f' and o.relnamespace <> t.relnamespace
    and t.relnamespace = (select oid from pg_namespace where nspname = $1)
  order by 1`;

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
  async make(
    tx: Transaction,
    { id, schema }: { readonly id: string; readonly schema: string },
    tables: TenantTables,
  ): Promise<boolean> {
    const isNew = (await this.existing(tx, [schema])).length === 0;
    if (isNew) await this.createSchema(tx, schema);
    const isChanged = await this.tables.create(tx, schema, tables);
    const isBound = await bindToTenant(tx.client, schema, tables, id);
    return (await this.references.copy(tx, schema, tables)) > 0 || isBound || isChanged || isNew;
  }

  /** What is outside of the schema, and would be dropped along with it. */
  async outsiders(tx: Transaction, schema: string): Promise<PurgeObstacle[]> {
    return tx.query<PurgeObstacle>(OUTSIDERS, [schema]);
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
