import { Injectable } from "@nestjs/common";
import { ReferenceTablesStore } from "../isolation/reference-tables.store";
import { TenantTableRegistry } from "../isolation/tenant-table-registry";
import type { Transaction } from "../persistence/transaction";
import { DatabaseKeys } from "./database-keys";
import { TenantDatabaseStore } from "./tenant-database.store";
import { TenantDatabases, type DatabaseTenant } from "./tenant-databases";

/** What a tenant's database is made in: it, what verifies contexts in it, and the declared tables. */
export const DATABASE_STAGES = ["database", "walls", "tables"] as const;
export type DatabaseStage = (typeof DATABASE_STAGES)[number];

/** Makes tenants' databases, one stage after the other; each may be done again. */
@Injectable()
export class DatabaseMaker {
  constructor(
    private readonly keys: DatabaseKeys,
    private readonly registry: TenantTableRegistry,
    private readonly databases: TenantDatabases,
    private readonly store: TenantDatabaseStore,
    private readonly references: ReferenceTablesStore,
  ) {}

  /** Makes the key that databases are to know, unless it is made. Takes a connection of the pool. */
  async prepare(): Promise<void> {
    await this.keys.prepare();
  }

  /**
   * Does a stage, in connections of its own; the transaction only keeps others from doing it too.
   *
   * @throws StorageUnavailableError, StoragePrivilegeMissingError, MigrationPrivilegeMissingError,
   *   TenantTableInvalidError, ConnectionBudgetExhaustedError
   */
  async make(tx: Transaction, stage: DatabaseStage, tenant: DatabaseTenant): Promise<void> {
    switch (stage) {
      case "database":
        return this.databases.onServer(tx, tenant, (server) =>
          this.store.create(server, tenant.id),
        );
      case "walls":
        return this.databases.asOwner(tx, tenant, async (database) => {
          await this.store.prepare(database);
          await this.keys.renewIn(tx, database);
        });
      case "tables":
        await this.references.announceCreation(tx);
        await this.databases.asOwner(tx, tenant, (database) =>
          this.store.createTables(database, tenant.id, this.registry.tables()),
        );
        await this.refreshReferences(tx, tenant);
        return;
      default:
        return stage satisfies never;
    }
  }

  /** Makes the copies of reference tables what the originals are; how many rows had to change. */
  async refreshReferences(tx: Transaction, tenant: DatabaseTenant): Promise<number> {
    const tables = this.registry.tables();
    return this.databases.asOwner(tx, tenant, (database) =>
      this.references.send(tx, database, tables),
    );
  }

  /** Those of some tenants whose databases there are; each server is asked once. */
  async existing(tx: Transaction, tenants: readonly DatabaseTenant[]): Promise<DatabaseTenant[]> {
    const there: DatabaseTenant[] = [];
    for (const region_id of new Set(tenants.map((tenant) => tenant.region_id))) {
      const those = tenants.filter((tenant) => tenant.region_id === region_id);
      const [first] = those as [DatabaseTenant];
      const ids = await this.databases.onServer(tx, first, (server) =>
        this.store.existing(
          server,
          those.map(({ id }) => id),
        ),
      );
      there.push(...those.filter(({ id }) => ids.includes(id)));
    }
    return there;
  }

  /** Whether there is anything left to make. */
  async isLacking(tx: Transaction, tenant: DatabaseTenant): Promise<boolean> {
    if ((await this.existing(tx, [tenant])).length === 0) return true;
    return this.databases.asOwner(tx, tenant, (database) =>
      this.store.isLacking(database, this.registry.tables()),
    );
  }

  /** Drops the database, unless it is gone. */
  async drop(tx: Transaction, tenant: DatabaseTenant): Promise<void> {
    await this.databases.closeIdle(tenant);
    await this.databases.onServer(tx, tenant, (server) => this.store.drop(server, tenant.id));
  }
}
