import { Injectable } from "@nestjs/common";
import { TenantContextForgedError } from "@stratum-hq/core";
import type { TenantPool } from "@stratum-hq/db-adapters";
import { Database } from "../persistence/database";
import { ContextKeyStore, verifyContext } from "./context-key.store";
import { ContextKeys } from "./context-keys";
import { SigningKey } from "./signing-key";

/** Lets the shared database verify what this process signs. */
@Injectable()
export class ContextKeyInstallation {
  constructor(
    private readonly database: Database,
    private readonly keys: ContextKeys,
    private readonly store: ContextKeyStore,
    private readonly signing: SigningKey,
  ) {}

  /**
   * Signs a context for nobody and has the database verify it, with the key that it may not know yet.
   *
   * @param pool signs with the signer of this process
   * @throws TenantRoleMissingError, MaintenanceRoleMissingError
   */
  async verify(pool: TenantPool): Promise<void> {
    try {
      await verifyContext(pool);
    } catch (error) {
      if (!(error instanceof TenantContextForgedError)) throw error;
      // Not the key that is known here, which may have been retired: the one that is current until it is in.
      await this.database.transaction(async (tx) => {
        await this.store.install(tx, (await this.keys.hold(tx)).copy());
      });
      await this.signing.renew();
      await verifyContext(pool);
    }
  }
}
