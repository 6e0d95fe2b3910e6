import { Inject, Injectable } from "@nestjs/common";
import { TenantContextForgedError, TenantStorageMissingError } from "@stratum-hq/core";
import { requireHardened, TenantPool, type TenantConnections } from "@stratum-hq/db-adapters";
import { verifyContext } from "../context-keys/context-key.store";
import { SigningKey } from "../context-keys/signing-key";
import { databaseOf } from "../isolation/storage-names";
import { sqlStateOf } from "../persistence/database-errors";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { DatabaseKeys } from "./database-keys";
import type { DatabaseTenant } from "./tenant-databases";

/** There is no schema stratum, or no verifier in it. */
const UNPREPARED = ["3F000", "42883"];

/** Makes sure, before a tenant's database is used, that it isolates, and knows the key. */
@Injectable()
export class DatabaseVerification {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly signing: SigningKey,
    private readonly keys: DatabaseKeys,
  ) {}

  /**
   * Has the database verify a context for nobody, with the key that it may not know yet; with `tenantPool`,
   * refuses a login that may more there than a tenant.
   *
   * @returns the id of the key that the database knows
   * @throws TenantPoolUnsafeError, TenantRoleMissingError, TenantStorageMissingError,
   *   StoragePrivilegeMissingError
   */
  async verify(tenant: DatabaseTenant, connections: TenantConnections): Promise<string> {
    if (this.options.tenantPool !== undefined) await this.requireHardened(connections);
    const { preparedStatements = "auto" } = this.options;
    const signer = await this.signing.signer();
    const pool = new TenantPool({ pool: connections, signer, preparedStatements });
    return this.assure(tenant, () => verifyContext(pool));
  }

  /**
   * The same by a verification that the caller makes, over a connection that it has; without a second one,
   * unless the database lacks the key.
   */
  async assure(tenant: DatabaseTenant, verify: () => Promise<void>): Promise<string> {
    const signer = await this.signing.signer();
    const { keyId } = signer;
    if (await this.knows(tenant, verify)) return keyId;
    // Not the key that is known here, which may have been retired: the one that is current until it is in.
    await this.keys.renew(tenant);
    await this.signing.renew();
    const renewed = signer.keyId;
    if (!(await this.knows(tenant, verify))) throw new TenantContextForgedError();
    return renewed;
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
  private async knows(tenant: DatabaseTenant, verify: () => Promise<void>): Promise<boolean> {
    try {
      await verify();
      return true;
    } catch (error) {
      if (error instanceof TenantContextForgedError) return false;
      if (!UNPREPARED.includes(sqlStateOf(error) ?? "")) throw error;
      const storage = `schema stratum in database ${databaseOf(tenant.id)}`;
      throw new TenantStorageMissingError(tenant.id, storage, error);
    }
  }
}
