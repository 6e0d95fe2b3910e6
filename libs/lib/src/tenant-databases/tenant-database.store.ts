import { Injectable } from "@nestjs/common";
import { LOCK_WAIT_MS, StoragePrivilegeMissingError } from "@stratum-hq/core";
import {
  bindToTenant,
  inTransaction,
  lackingTables,
  ownRows,
  type ContextKeyCopy,
  type TenantTables,
} from "@stratum-hq/db-adapters";
import { TENANT_DATABASE } from "@stratum-hq/migrations";
import type { ClientBase } from "pg";
import { databaseOf, SHARED_SCHEMA } from "../isolation/storage-names";
import { sqlStateOf } from "../persistence/database-errors";
import { applyPending, pendingMigrations } from "../persistence/migrator";

const INSUFFICIENT_PRIVILEGE = "42501";
const DUPLICATE_DATABASE = "42P04";

/** The statements that make, fill and drop tenants' databases, each of which may be run again. */
@Injectable()
export class TenantDatabaseStore {
  /** Those of some tenants whose databases the server has. */
  async existing(server: ClientBase, tenantIds: readonly string[]): Promise<string[]> {
    const rows = await ownRows<{ name: string }>(
      server,
      "select datname as name from pg_database where datname = any($1::text[])",
      [tenantIds.map(databaseOf)],
    );
    const names = new Set(rows.map(({ name }) => name));
    return tenantIds.filter((id) => names.has(databaseOf(id)));
  }

  /** Creates the database, unless it is there. @throws StoragePrivilegeMissingError */
  async create(server: ClientBase, tenantId: string): Promise<void> {
    const name = databaseOf(tenantId);
    if ((await this.existing(server, [tenantId])).length > 0) return;
    try {
      await server.query(`create database ${name}`);
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === DUPLICATE_DATABASE) return;
      if (state !== INSUFFICIENT_PRIVILEGE) throw error;
      const statement = `alter role ${await loginOf(server)} createdb`;
      throw new StoragePrivilegeMissingError(`database ${name}`, statement, error);
    }
  }

  /** Whether it is not migrated to what this release needs, or lacks declared tables. */
  async isLacking(database: ClientBase, tables: TenantTables): Promise<boolean> {
    const pending = await pendingMigrations(database, TENANT_DATABASE);
    return pending.length > 0 || (await lackingTables(database, SHARED_SCHEMA, tables)).length > 0;
  }

  /** Drops the database, unless it is gone, and ends the sessions that are in it. */
  async drop(server: ClientBase, tenantId: string): Promise<void> {
    await server.query(`drop database if exists ${databaseOf(tenantId)} with (force)`);
  }

  /** Gives the database what verifies contexts. @throws MigrationPrivilegeMissingError, SchemaTooNewError */
  async prepare(database: ClientBase): Promise<void> {
    await inTransaction(database, () => applyPending(database, TENANT_DATABASE));
  }

  /**
   * Lets the database verify what the key signs, and nothing that the others of these ids sign.
   *
   * @throws StoragePrivilegeMissingError
   */
  async setKeys(
    database: ClientBase,
    { id, innerPad, outerPad }: ContextKeyCopy,
    retired: readonly string[],
  ): Promise<void> {
    await inTransaction(database, async () => {
      await database.query(`set local lock_timeout = ${LOCK_WAIT_MS}`);
      await assumeMaintenance(database);
      const install = "select stratum.install_context_key($1, $2, $3)";
      await ownRows(database, install, [id, innerPad, outerPad]);
      const retire = "select stratum.retire_context_key(id) from unnest($1::text[]) as id";
      if (retired.length > 0) await ownRows(database, retire, [retired]);
    });
  }

  /** Creates the declared tables that it lacks, for rows of that tenant alone. @throws TenantTableInvalidError */
  async createTables(database: ClientBase, tenantId: string, tables: TenantTables): Promise<void> {
    await inTransaction(database, async () => {
      await tables.create(database, SHARED_SCHEMA);
      await bindToTenant(database, SHARED_SCHEMA, tables, tenantId);
    });
  }
}

async function assumeMaintenance(database: ClientBase): Promise<void> {
  try {
    await database.query("set local role stratum_maintenance");
  } catch (error) {
    if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    await database.query("rollback");
    const statement = `grant stratum_maintenance to ${await loginOf(database)} with inherit false, set true`;
    throw new StoragePrivilegeMissingError("what verifies contexts", statement, error);
  }
}

async function loginOf(client: ClientBase): Promise<string> {
  const rows = await ownRows<{ login: string }>(
    client,
    "select quote_ident(session_user) as login",
  );
  return rows[0]?.login ?? "";
}
