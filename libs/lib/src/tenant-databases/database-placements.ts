import { Injectable } from "@nestjs/common";
import { ConnectionBudgetExhaustedError } from "@stratum-hq/core";
import type { IdleConnection, Placement } from "@stratum-hq/db-adapters";
import type { PoolClient } from "pg";
import { SigningKey } from "../context-keys/signing-key";
import { SHARED_SCHEMA } from "../isolation/storage-names";
import { Database } from "../persistence/database";
import { DatabaseVerification } from "./database-verification";
import { TenantDatabases, type DatabaseTenant } from "./tenant-databases";
import { TenantServers, type TenantServer } from "./tenant-servers";

/** Where a tenant's tables are, and the key that its database was seen to know. */
interface Known {
  readonly placement: Placement;
  readonly keyId: string;
}

/**
 * Where the tables are of tenants with databases of their own; each is looked at once by a process, and again
 * when contexts are signed with another key.
 */
@Injectable()
export class DatabasePlacements {
  readonly #known = new Map<string, Known>();
  readonly #opening = new Map<string, Promise<Known>>();

  constructor(
    private readonly database: Database,
    private readonly servers: TenantServers,
    private readonly databases: TenantDatabases,
    private readonly verification: DatabaseVerification,
    private readonly signing: SigningKey,
  ) {}

  /**
   * The tables in a tenant's database. The first time with a key, it learns the key that contexts are signed with, where
   * it does not know it.
   *
   * @throws TenantStorageMissingError, StorageUnavailableError, ConnectionBudgetExhaustedError,
   *   TenantRoleMissingError, TenantPoolUnsafeError
   */
  placementOf(tenant: DatabaseTenant): Placement | Promise<Placement> {
    const known = this.#known.get(tenant.id);
    return known !== undefined && this.signing.isCertain(known.keyId)
      ? known.placement
      : this.opened(tenant).then(({ placement }) => placement);
  }

  private async opened(tenant: DatabaseTenant): Promise<Known> {
    const { id } = tenant;
    const opening = this.#opening.get(id) ?? this.open(tenant);
    this.#opening.set(id, opening);
    try {
      const known = await opening;
      this.#known.set(id, known);
      return known;
    } finally {
      this.#opening.delete(id);
    }
  }

  private async open(tenant: DatabaseTenant): Promise<Known> {
    const { id } = tenant;
    const { keyId } = await this.signing.signer();
    const known = this.#known.get(id);
    if (known?.keyId === keyId) return known;
    const server = await this.servers.of(this.database, tenant.region_id);
    const connections = { connect: () => this.connect(tenant, server) };
    const verified = await this.verification.verify(tenant, connections);
    const certain = (connection: IdleConnection): Promise<void> | null =>
      this.isCertain(id) ? null : this.assure(tenant, connection);
    return { placement: { connections, schema: SHARED_SCHEMA, certain }, keyId: verified };
  }

  private isCertain(id: string): boolean {
    const known = this.#known.get(id);
    return known !== undefined && this.signing.isCertain(known.keyId);
  }

  /** For a connection that was lent before the key was replaced: its user has one, and may get no other. */
  private async assure(tenant: DatabaseTenant, connection: IdleConnection): Promise<void> {
    while (!this.isCertain(tenant.id)) {
      const keyId = await this.verification.assure(tenant, () => connection.verify());
      const known = this.#known.get(tenant.id);
      if (known === undefined) return;
      this.#known.set(tenant.id, { ...known, keyId });
    }
  }

  /** Where that fails, the region may have another server by now, so that the next call asks anew. */
  private async connect(tenant: DatabaseTenant, server: TenantServer): Promise<PoolClient> {
    try {
      return await this.databases.connect(tenant, server);
    } catch (error) {
      if (!(error instanceof ConnectionBudgetExhaustedError)) this.#known.delete(tenant.id);
      throw error;
    }
  }
}
