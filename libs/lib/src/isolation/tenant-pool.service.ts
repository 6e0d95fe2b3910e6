import { Inject, Injectable } from "@nestjs/common";
import { TenantContextForgedError } from "@stratum-hq/core";
import { ContextKey, ContextSigner, requireHardened, TenantPool } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import { currentTenantId } from "../context/tenant-context";
import { PlatformSecrets } from "../crypto/platform-secrets";
import { Database } from "../persistence/database";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { TenantService } from "../tenancy/tenant.service";
import { ContextKeyStore } from "./context-key.store";

const KEY_BYTES = 32;

/** Connections on which PostgreSQL keeps tenants' rows apart. */
@Injectable()
export class TenantPoolService {
  #pool: Promise<TenantPool> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly database: Database,
    private readonly secrets: PlatformSecrets,
    private readonly keys: ContextKeyStore,
    private readonly tenants: TenantService,
  ) {}

  /**
   * The pool for the tenant that {@link TenantService.runInTenant} put in context, over `tenantPool` where the
   * options have one, else over `pool`. The first call checks that the login can act as a tenant, and with
   * `tenantPool` that it can do nothing else, and lets the database verify this deployment's contexts.
   *
   * @throws TenantRoleMissingError, TenantPoolUnsafeError, MaintenanceRoleMissingError, ValidationError
   */
  async tenantPool(): Promise<TenantPool> {
    this.#pool ??= this.open();
    const opening = this.#pool;
    try {
      return await opening;
    } catch (error) {
      if (this.#pool === opening) this.#pool = null;
      throw error;
    }
  }

  private async open(): Promise<TenantPool> {
    const { pool, tenantPool, contextKey, preparedStatements = "auto" } = this.options;
    if (tenantPool !== undefined) await this.requireHardened(tenantPool);
    const bytes =
      contextKey === undefined
        ? await this.secrets.findOrCreate("context_signing_key", KEY_BYTES)
        : Buffer.from(contextKey);
    const key = new ContextKey(bytes);
    const made = { pool: tenantPool ?? pool, signer: new ContextSigner(key), preparedStatements };
    await this.verify(new TenantPool(made), key);
    return new TenantPool({
      ...made,
      scope: {
        current: currentTenantId,
        run: (tenantId, work) => this.tenants.runInTenant(tenantId, work),
      },
    });
  }

  /** Signs a context for nobody and has the database verify it, with the key that it may not know yet. */
  private async verify(pool: TenantPool, key: ContextKey): Promise<void> {
    try {
      await this.keys.verify(pool);
    } catch (error) {
      if (!(error instanceof TenantContextForgedError)) throw error;
      await this.database.transaction((tx) => this.keys.install(tx, key.copy()));
      await this.keys.verify(pool);
    }
  }

  private async requireHardened(tenantPool: Pool): Promise<void> {
    const client = await tenantPool.connect();
    try {
      await requireHardened(client);
    } finally {
      client.release();
    }
  }
}
