import { Injectable } from "@nestjs/common";
import type { ContextScope, IdleConnection, TenantScope } from "@stratum-hq/db-adapters";
import { currentTenantContext, currentTenantId } from "../context/tenant-context";
import { TenantService } from "../tenancy/tenant.service";
import { TenantStanding } from "./tenant-standing";

/** The tenant that the running code has in context, as {@link TenantService.runInTenant} or a request put it there. */
@Injectable()
export class CurrentTenantScope implements TenantScope {
  constructor(
    private readonly tenants: TenantService,
    private readonly standing: TenantStanding,
  ) {}

  current(): string {
    return currentTenantId();
  }

  /** Where a tenant has a schema or a database of its own, there are no rows of others to read. */
  reach(): ContextScope {
    const context = currentTenantContext();
    return context?.isolation_strategy === "SHARED_RLS" ? (context.scope ?? "tenant") : "tenant";
  }

  certain(connection: IdleConnection): Promise<void> | null {
    return this.standing.certain(connection);
  }

  run<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    return this.tenants.runInTenant(tenantId, work);
  }
}
