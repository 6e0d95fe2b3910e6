import { Inject, Injectable, type OnApplicationShutdown } from "@nestjs/common";
import { ConnectionBudget } from "@stratum-hq/db-adapters";
import type { ClientBase, PoolClient } from "pg";
import { databaseOf } from "../isolation/storage-names";
import { Snapshot } from "../persistence/snapshot";
import type { Sql } from "../persistence/sql";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { storageError } from "./storage-error";
import { TenantServers, type TenantServer } from "./tenant-servers";

/** A tenant, as far as it says where its database is. */
export interface DatabaseTenant {
  readonly id: string;
  readonly region_id: string | null;
}

/** Connections to tenants' databases, all of them under one budget, and to the servers that these are on. */
@Injectable()
export class TenantDatabases implements OnApplicationShutdown {
  readonly #budget: ConnectionBudget;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly servers: TenantServers,
  ) {
    const { connectionBudget } = options;
    this.#budget = new ConnectionBudget(
      connectionBudget === undefined ? {} : { connections: connectionBudget },
    );
  }

  /** After the operations have stopped, which might be making a database. */
  async onApplicationShutdown(): Promise<void> {
    await this.#budget.close();
  }

  /**
   * A connection for a tenant's statements.
   *
   * @throws TenantStorageMissingError, StorageUnavailableError, ConnectionBudgetExhaustedError
   */
  async connect(tenant: DatabaseTenant, server: TenantServer): Promise<PoolClient> {
    const database = databaseOf(tenant.id);
    return this.translated(tenant, server, () =>
      this.#budget.connect({ key: database, client: () => server.tenants(database) }),
    );
  }

  /**
   * Runs `work` as the owner of a tenant's database, in a connection of its own. Hold no other one meanwhile.
   *
   * @param sql reads where the server is: the transaction, where one is open
   * @throws as {@link connect}, and what `work` throws
   */
  async asOwner<T>(
    sql: Sql,
    tenant: DatabaseTenant,
    work: (client: ClientBase) => Promise<T>,
  ): Promise<T> {
    const client = await this.connectOwner(sql, tenant);
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  }

  /**
   * A view of a tenant's database as it is now, as its owner, which whoever opens it has to close.
   *
   * @param sql reads where the server is: the transaction, where one is open
   * @throws as {@link connect}
   */
  async openSnapshot(sql: Sql, tenant: DatabaseTenant): Promise<Snapshot> {
    const client = await this.connectOwner(sql, tenant);
    const { preparedStatements = "auto" } = this.options;
    return Snapshot.open(client, "pg_catalog, pg_temp", preparedStatements);
  }

  /**
   * Runs `work` on the server that a tenant's database is on, whether there is one or not; its connection is
   * to another database.
   *
   * @param sql reads where the server is: the transaction, where one is open
   * @throws StorageUnavailableError, and what `work` throws
   */
  async onServer<T>(
    sql: Sql,
    tenant: DatabaseTenant,
    work: (client: ClientBase) => Promise<T>,
  ): Promise<T> {
    const server = await this.servers.of(sql, tenant.region_id);
    const client = server.owner();
    // A connection that dies between two statements would end the process otherwise.
    client.on("error", () => undefined);
    try {
      await this.translated(tenant, server, () => client.connect());
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Closes the idle connections to a tenant's database. */
  async closeIdle(tenant: DatabaseTenant): Promise<void> {
    const database = databaseOf(tenant.id);
    const keys = [database, ownerKey(database)];
    await Promise.all(keys.map((key) => this.#budget.closeIdle(key)));
  }

  private async connectOwner(sql: Sql, tenant: DatabaseTenant): Promise<PoolClient> {
    const database = databaseOf(tenant.id);
    const server = await this.servers.of(sql, tenant.region_id);
    const target = { key: ownerKey(database), client: () => server.owner(database) };
    return this.translated(tenant, server, () => this.#budget.connect(target));
  }

  private async translated<T>(
    tenant: DatabaseTenant,
    server: TenantServer,
    connecting: () => Promise<T>,
  ): Promise<T> {
    try {
      return await connecting();
    } catch (error) {
      throw storageError(error, tenant.id, server.region_id);
    }
  }
}

/** Its owner's connections are others than those of the tenant's statements. */
function ownerKey(database: string): string {
  return `owner of ${database}`;
}
