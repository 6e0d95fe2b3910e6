import { Inject, Injectable } from "@nestjs/common";
import { TenantContextForgedError, TenantStorageMissingError } from "@stratum-hq/core";
import {
  ContextSigner,
  requireHardened,
  TenantPool,
  type TenantConnections,
} from "@stratum-hq/db-adapters";
import { verifyContext } from "../isolation/context-key.store";
import { ContextKeys } from "../isolation/context-keys";
import { databaseOf } from "../isolation/storage-names";
import { Database } from "../persistence/database";
import { sqlStateOf } from "../persistence/database-errors";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { TenantDatabaseStore } from "./tenant-database.store";
import { TenantDatabases, type DatabaseTenant } from "./tenant-databases";

/** There is no schema stratum, or no verifier in it. */
const UNPREPARED = ["3F000", "42883"];

/** Makes sure, before a tenant's database is used, that it isolates. */
@Injectable()
export class DatabaseVerification {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly database: Database,
    private readonly keys: ContextKeys,
    private readonly databases: TenantDatabases,
    private readonly store: TenantDatabaseStore,
  ) {}

  /**
   * Has the database verify a context for nobody, with the key that it may not know yet; with `tenantPool`,
   * refuses a login that may more there than a tenant.
   *
   * @throws TenantPoolUnsafeError, TenantRoleMissingError, TenantStorageMissingError,
   *   StoragePrivilegeMissingError
   */
  async verify(tenant: DatabaseTenant, connections: TenantConnections): Promise<void> {
    if (this.options.tenantPool !== undefined) await this.requireHardened(connections);
    const { preparedStatements = "auto" } = this.options;
    const key = await this.keys.current();
    const signer = new ContextSigner(key);
    const pool = new TenantPool({ pool: connections, signer, preparedStatements });
    if (await this.knows(tenant, pool)) return;
    await this.databases.asOwner(this.database, tenant, (client) =>
      this.store.installKey(client, key.copy()),
    );
    if (!(await this.knows(tenant, pool))) throw new TenantContextForgedError();
  }

  private async requireHardened(connections: TenantConnections): Promise<void> {
    const client = await connections.connect();
    try {
      await requireHardened(client);
    } finally {
      client.release();
    }
  }

  /** Whether the database knows the key. */
  private async knows(tenant: DatabaseTenant, pool: TenantPool): Promise<boolean> {
    try {
      await verifyContext(pool);
      return true;
    } catch (error) {
      if (error instanceof TenantContextForgedError) return false;
      if (!UNPREPARED.includes(sqlStateOf(error) ?? "")) throw error;
      const storage = `schema stratum in database ${databaseOf(tenant.id)}`;
      throw new TenantStorageMissingError(tenant.id, storage, error);
    }
  }
}
