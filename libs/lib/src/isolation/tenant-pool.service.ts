import { Inject, Injectable } from "@nestjs/common";
import { TenantPool, type ContextScope } from "@stratum-hq/db-adapters";
import { currentTenantContext, currentTenantId } from "../context/tenant-context";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { TenantService } from "../tenancy/tenant.service";
import { transactionInContext } from "../tenant-orm/transaction-in-context";
import { ContextKeyInstallation } from "./context-key-installation";
import { SigningKey } from "./signing-key";
import { TenantPlacements } from "./tenant-placements";

/** Connections on which PostgreSQL keeps tenants' rows apart. */
@Injectable()
export class TenantPoolService {
  #pool: Promise<TenantPool> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly signing: SigningKey,
    private readonly installation: ContextKeyInstallation,
    private readonly tenants: TenantService,
    private readonly placements: TenantPlacements,
  ) {}

  /**
   * The pool for the tenant that {@link TenantService.runInTenant} put in context, over `tenantPool` where the
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
    const signer = await this.signing.signer();
    const made = { pool: tenantPool ?? pool, signer, preparedStatements };
    await this.installation.verify(new TenantPool(made));
    return new TenantPool({
      ...made,
      transactionInContext,
      placementOf: (tenantId) => this.placements.placementOf(tenantId),
      scope: {
        current: currentTenantId,
        reach: currentReach,
        run: (tenantId, work) => this.tenants.runInTenant(tenantId, work),
      },
    });
  }
}

/** Where a tenant has a schema or a database of its own, there are no rows of others to read. */
function currentReach(): ContextScope {
  const context = currentTenantContext();
  return context?.isolation_strategy === "SHARED_RLS" ? (context.scope ?? "tenant") : "tenant";
}
