import { Injectable } from "@nestjs/common";
import type { Placement } from "@stratum-hq/db-adapters";
import type { PoolClient } from "pg";
import { SHARED_SCHEMA } from "../isolation/storage-names";
import { Database } from "../persistence/database";
import { DatabaseVerification } from "./database-verification";
import { TenantDatabases, type DatabaseTenant } from "./tenant-databases";
import { TenantServers, type TenantServer } from "./tenant-servers";

/** Where the tables are of tenants with databases of their own; each is looked at once by a process. */
@Injectable()
export class DatabasePlacements {
  readonly #known = new Map<string, Placement>();
  readonly #opening = new Map<string, Promise<Placement>>();

  constructor(
    private readonly database: Database,
    private readonly servers: TenantServers,
    private readonly databases: TenantDatabases,
    private readonly verification: DatabaseVerification,
  ) {}

  /**
   * The tables in a tenant's database. The first time, it learns the key that contexts are signed with, where
   * it does not know it.
   *
   * @throws TenantStorageMissingError, StorageUnavailableError, ConnectionBudgetExhaustedError,
   *   TenantRoleMissingError, TenantPoolUnsafeError
   */
  placementOf(tenant: DatabaseTenant): Placement | Promise<Placement> {
    return this.#known.get(tenant.id) ?? this.opened(tenant);
  }

  private async opened(tenant: DatabaseTenant): Promise<Placement> {
    const { id } = tenant;
    const opening = this.#opening.get(id) ?? this.open(tenant);
    this.#opening.set(id, opening);
    try {
      const placement = await opening;
      this.#known.set(id, placement);
      return placement;
    } finally {
      this.#opening.delete(id);
    }
  }

  private async open(tenant: DatabaseTenant): Promise<Placement> {
    const server = await this.servers.of(this.database, tenant.region_id);
    const connections = { connect: () => this.connect(tenant, server) };
    await this.verification.verify(tenant, connections);
    return { connections, schema: SHARED_SCHEMA };
  }

  /** Where that fails, the region may have another server by now, so that the next call asks anew. */
  private async connect(tenant: DatabaseTenant, server: TenantServer): Promise<PoolClient> {
    try {
      return await this.databases.connect(tenant, server);
    } catch (error) {
      this.#known.delete(tenant.id);
      throw error;
    }
  }
}
