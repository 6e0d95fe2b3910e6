import { Inject, Injectable } from "@nestjs/common";
import { StoragePrivilegeMissingError } from "@stratum-hq/core";
import { lackingTables, type TenantTables } from "@stratum-hq/db-adapters";
import { TENANT_TABLES_LOCK } from "../persistence/advisory-locks";
import { Database } from "../persistence/database";
import { sqlStateOf } from "../persistence/database-errors";
import type { Transaction } from "../persistence/transaction";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";

const INSUFFICIENT_PRIVILEGE = "42501";

/** Tenants' tables in a schema that tenants share. */
@Injectable()
export class SharedTablesStore {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly database: Database,
  ) {}

  /** Those that the schema lacks. */
  async lacking(schema: string, tables: TenantTables): Promise<string[]> {
    if (tables.names.length === 0) return [];
    return this.database.read(() => lackingTables(this.options.pool, schema, tables));
  }

  /** Creates them; of several processes that start together, one. @throws StoragePrivilegeMissingError */
  async create(tx: Transaction, schema: string, tables: TenantTables): Promise<void> {
    await tx.query("select pg_advisory_xact_lock($1, 0)", [TENANT_TABLES_LOCK]);
    const [login] = await tx.query<{ name: string; schema: string }>(
      "select quote_ident(current_user) as name, quote_ident($1) as schema",
      [schema],
    );
    try {
      await tables.create(tx.client, schema);
    } catch (error) {
      if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
      const statement = `grant create, usage on schema ${login?.schema} to ${login?.name}`;
      throw new StoragePrivilegeMissingError(`tables in schema ${schema}`, statement, error);
    }
  }
}
