import { Inject, Injectable } from "@nestjs/common";
import { StoragePrivilegeMissingError } from "@stratum-hq/core";
import { lackingTables, type TenantTables } from "@stratum-hq/db-adapters";
import { TENANT_TABLES_LOCK } from "../persistence/advisory-locks";
import { Database } from "../persistence/database";
import { sqlStateOf } from "../persistence/database-errors";
import type { Transaction } from "../persistence/transaction";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";

const INSUFFICIENT_PRIVILEGE = "42501";

/** Tenants' tables in a schema of this database. */
@Injectable()
export class TenantTablesStore {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly database: Database,
  ) {}

  /** Those that the schema lacks. */
  async lacking(schema: string, tables: TenantTables): Promise<string[]> {
    return this.database.read(() => lackingTables(this.options.pool, schema, tables));
  }

  /** Keeps other processes from creating tables in the schema that tenants share. */
  async lockShared(tx: Transaction): Promise<void> {
    await tx.query("select pg_advisory_xact_lock($1, 0)", [TENANT_TABLES_LOCK]);
  }

  /** Creates those that the schema lacks; whether there were any. @throws StoragePrivilegeMissingError */
  async create(tx: Transaction, schema: string, tables: TenantTables): Promise<boolean> {
    if ((await lackingTables(tx.client, schema, tables)).length === 0) return false;
    const grant = "format('grant create, usage on schema %I to %I', $1::text, current_user)";
    await this.permitted(tx, `tables in schema ${schema}`, [grant, schema], () =>
      tables.create(tx.client, schema),
    );
    return true;
  }

  /**
   * Runs DDL, and says which grant it lacks where the login may not.
   *
   * @param grant an SQL expression of the statement, and what it is bound to
   * @throws StoragePrivilegeMissingError
   */
  async permitted(
    tx: Transaction,
    what: string,
    [grant, ...values]: readonly [string, ...string[]],
    work: () => Promise<unknown>,
  ): Promise<void> {
    const [row] = await tx.query<{ statement: string }>(`select ${grant} as statement`, values);
    try {
      await work();
    } catch (error) {
      if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
      throw new StoragePrivilegeMissingError(what, row?.statement ?? "", error);
    }
  }
}
