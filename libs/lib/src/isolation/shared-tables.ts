import { Inject, Injectable, type OnApplicationBootstrap } from "@nestjs/common";
import { TenantTablesMissingError } from "@stratum-hq/core";
import { Database } from "../persistence/database";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { SHARED_SCHEMA } from "./storage-names";
import { TenantTableRegistry } from "./tenant-table-registry";
import { TenantTablesStore } from "./tenant-tables.store";

/** The tables of the tenants that share them, there once the application has started. */
@Injectable()
export class SharedTables implements OnApplicationBootstrap {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly database: Database,
    private readonly registry: TenantTableRegistry,
    private readonly store: TenantTablesStore,
  ) {}

  /**
   * Creates what is declared and lacking; with `autoMigrate: false` refuses to start for it.
   *
   * @throws TenantTablesMissingError, TenantTableInvalidError, StoragePrivilegeMissingError
   */
  async onApplicationBootstrap(): Promise<void> {
    await this.start();
  }

  /** The same for who needs the tables before that. */
  async start(): Promise<void> {
    const tables = this.registry.tables();
    if (tables.names.length === 0) return;
    const lacking = await this.store.lacking(SHARED_SCHEMA, tables);
    if (lacking.length === 0) return;
    if (this.options.autoMigrate === false)
      throw new TenantTablesMissingError(SHARED_SCHEMA, lacking);
    await this.database.transaction(async (tx) => {
      await this.store.lockShared(tx);
      await this.store.create(tx, SHARED_SCHEMA, tables);
    });
  }
}
