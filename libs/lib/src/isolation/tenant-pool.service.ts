import { Inject, Injectable } from "@nestjs/common";
import { TenantPool } from "@stratum-hq/db-adapters";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { transactionInContext } from "../tenant-orm/transaction-in-context";
import { ContextKeyInstallation } from "../context-keys/context-key-installation";
import { CurrentTenantScope } from "./current-tenant-scope";
import { SigningKey } from "../context-keys/signing-key";
import { TenantRouter } from "./tenant-router";

/** Connections on which PostgreSQL keeps tenants' rows apart. */
@Injectable()
export class TenantPoolService {
  #pool: Promise<TenantPool> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly signing: SigningKey,
    private readonly installation: ContextKeyInstallation,
    private readonly scope: CurrentTenantScope,
    private readonly router: TenantRouter,
  ) {}

  /**
   * The pool for the tenant that `runInTenant` put in context, over `tenantPool` where the
   * options have one, else over `pool`. The first call checks that the login can act as a tenant, and lets the
   * database verify this deployment's contexts.
   *
   * @throws TenantRoleMissingError, MaintenanceRoleMissingError, ValidationError
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
    const { pool, tenantPool, preparedStatements = "auto" } = this.options;
    const isHardened = tenantPool !== undefined;
    const signer = await this.signing.signer();
    const made = { pool: tenantPool ?? pool, signer, preparedStatements, inherits: isHardened };
    await this.installation.verify(new TenantPool(made));
    return new TenantPool({
      ...made,
      resetOnRelease: this.options.resetOnRelease ?? isHardened,
      transactionInContext,
      placementOf: (tenantId) => this.router.placementOf(tenantId),
      scope: this.scope,
    });
  }
}
