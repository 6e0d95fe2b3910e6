import { Injectable } from "@nestjs/common";
import type { ContextKey } from "@stratum-hq/db-adapters";
import type { ClientBase } from "pg";
import { ContextKeys } from "../context-keys/context-keys";
import { ReplacedContextKeyStore } from "../context-keys/replaced-context-key.store";
import { Database } from "../persistence/database";
import type { Transaction } from "../persistence/transaction";
import { TenantDatabaseStore } from "./tenant-database.store";
import { TenantDatabases, type DatabaseTenant } from "./tenant-databases";

/** The keys that tenants' databases verify contexts with. */
@Injectable()
export class DatabaseKeys {
  constructor(
    private readonly database: Database,
    private readonly keys: ContextKeys,
    private readonly replaced: ReplacedContextKeyStore,
    private readonly databases: TenantDatabases,
    private readonly store: TenantDatabaseStore,
  ) {}

  /** Makes the current key, unless it is made. Takes a connection of the pool. */
  async prepare(): Promise<void> {
    await this.keys.current();
  }

  /**
   * Has a tenant's database accept the key that is current, and none that is retired, whatever backup it comes
   * from.
   *
   * @throws StoragePrivilegeMissingError, and what connecting fails with
   */
  async renew(tenant: DatabaseTenant): Promise<void> {
    await this.database.transaction((tx) =>
      this.databases.asOwner(tx, tenant, (client) => this.renewIn(tx, client)),
    );
  }

  /** The same, in a connection of its owner. */
  async renewIn(tx: Transaction, client: ClientBase): Promise<void> {
    const key = await this.keys.hold(tx);
    await this.store.setKeys(client, key.copy(), await this.replaced.retired(tx));
  }

  /** Has a tenant's database accept a key, and some no more, while the transaction holds the current one. */
  async set(
    tx: Transaction,
    tenant: DatabaseTenant,
    key: ContextKey,
    retired: readonly string[],
  ): Promise<void> {
    await this.databases.asOwner(tx, tenant, (client) =>
      this.store.setKeys(client, key.copy(), retired),
    );
  }
}
