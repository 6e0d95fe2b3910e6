import { Inject, Injectable } from "@nestjs/common";
import { TenantContextForgedError } from "@stratum-hq/core";
import { ContextKey, type TenantPool } from "@stratum-hq/db-adapters";
import { PlatformSecrets } from "../crypto/platform-secrets";
import { Database } from "../persistence/database";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ContextKeyStore, verifyContext } from "./context-key.store";

const KEY_BYTES = 32;

/** The key that this deployment signs contexts with. */
@Injectable()
export class ContextKeys {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly secrets: PlatformSecrets,
    private readonly database: Database,
    private readonly store: ContextKeyStore,
  ) {}

  /** That of the options, else one that is made once and kept. @throws ValidationError */
  async current(): Promise<ContextKey> {
    const { contextKey } = this.options;
    return new ContextKey(
      contextKey === undefined
        ? await this.secrets.findOrCreate("context_signing_key", KEY_BYTES)
        : Buffer.from(contextKey),
    );
  }

  /**
   * Signs a context for nobody and has the database verify it, with the key that it may not know yet.
   *
   * @throws TenantRoleMissingError, MaintenanceRoleMissingError
   */
  async verify(pool: TenantPool, key: ContextKey): Promise<void> {
    try {
      await verifyContext(pool);
    } catch (error) {
      if (!(error instanceof TenantContextForgedError)) throw error;
      await this.database.transaction((tx) => this.store.install(tx, key.copy()));
      await verifyContext(pool);
    }
  }
}
