import { Inject, Injectable } from "@nestjs/common";
import { LOCK_WAIT_MS, StoragePrivilegeMissingError } from "@stratum-hq/core";
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

  /** Keeps other processes from creating tables in the schema that tenants share, and waits for one that does. */
  async lockShared(tx: Transaction): Promise<void> {
    await tx.query("set local lock_timeout = 0");
    await tx.query("select pg_advisory_xact_lock($1, 0)", [TENANT_TABLES_LOCK]);
    await tx.query(`set local lock_timeout = ${LOCK_WAIT_MS}`);
  }

  /** Creates those that the schema lacks; whether there were any. @throws StoragePrivilegeMissingError */
  async create(tx: Transaction, schema: string, tables: TenantTables): Promise<boolean> {
    const grant = "format('grant create, usage on schema %I to %I', $1::text, current_user)";
    return this.permitted(tx, `tables in schema ${schema}`, [grant, schema], () =>
      tables.create(tx.client, schema),
    );
  }

  /**
   * Runs `work`, and says which grant it lacks where the login may not.
   *
   * @param grant an SQL expression of the statement, and what it is bound to
   * @throws StoragePrivilegeMissingError
   */
  async permitted<T>(
    tx: Transaction,
    what: string,
    [grant, ...values]: readonly [string, ...unknown[]],
    work: () => Promise<T>,
  ): Promise<T> {
    const [row] = await tx.query<{ statement: string }>(`select ${grant} as statement`, values);
    try {
      return await work();
    } catch (error) {
      if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
      throw new StoragePrivilegeMissingError(what, row?.statement ?? "", error);
    }
  }
}
