import { Injectable } from "@nestjs/common";
import { TenantNotFoundError } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { requireActive } from "./access";
import { TenantDirectory, type KnownTenant } from "./tenant-directory";

const OPERATION = "act for";

/** Whether the tenant that a caller is bound to is open: it may be shut while the caller's work goes on. */
@Injectable()
export class CallerStanding {
  constructor(private readonly tenants: TenantDirectory) {}

  /**
   * Null where the caller may act, which needs no query as a rule; else looks the tenant up.
   *
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, InvalidTenantStateError
   */
  certain({ bound_to: id }: Caller): Promise<void> | null {
    if (id === null) return null;
    const known = this.tenants.findNow({ id });
    if (known === undefined) {
      return this.tenants.find({ id }).then((found) => requireOpen(id, found));
    }
    requireOpen(id, known);
    return null;
  }
}

function requireOpen(tenant_id: string, tenant: KnownTenant | undefined): void {
  if (tenant === undefined) throw new TenantNotFoundError({ tenant_id });
  requireActive(tenant, OPERATION);
}
