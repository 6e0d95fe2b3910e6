import { Injectable } from "@nestjs/common";
import {
  RegionNotActiveError,
  RegionNotFoundError,
  StorageNotMovableError,
  tenantIdSchema,
  validate,
  type AuditContext,
  type Tenant,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import { TenantGate } from "../tenancy/tenant-gate";
import { toTenant, type TenantRow } from "../tenancy/tenant-row";
import { TenantStore } from "../tenancy/tenant.store";
import { RegionStore } from "./region.store";

/** Puts tenants into other regions, for platform administrators. */
@Injectable()
export class RegionMigrationService {
  constructor(
    private readonly database: Database,
    private readonly gate: TenantGate,
    private readonly tenants: TenantStore,
    private readonly store: RegionStore,
    private readonly log: MutationLog,
  ) {}

  /**
   * Puts a tenant into a region; the tenants below stay where they are.
   *
   * @throws ForbiddenError, ValidationError, TenantNotFoundError, RegionNotFoundError,
   *   TenantSuspendedError, TenantArchivedError, RegionNotActiveError, TenantTreeBusyError,
   *   StorageNotMovableError for a tenant with a database of its own
   */
  async migrateRegion(tenantId: string, regionId: string, audit?: AuditContext): Promise<Tenant> {
    const caller = currentCaller(audit);
    requirePlatformAdmin(caller);
    const tenant_id = validate(tenantIdSchema, tenantId, "tenantId");
    const region_id = validate(tenantIdSchema, regionId, "regionId");
    return this.database.transaction(async (tx) => {
      const region = await this.store.findLocked(tx, region_id, "share");
      await this.gate.enter(tx, tenant_id, "change the region of", caller);
      if (region === undefined) throw new RegionNotFoundError(region_id);
      const [row] = (await this.tenants.findForUpdate(tx, [tenant_id])) as [TenantRow];
      const before = toTenant(row);
      if (row.region_id === region_id) return before;
      if (row.isolation_strategy === "DB_PER_TENANT")
        throw new StorageNotMovableError(tenant_id, row.isolation_strategy);
      if (region.status !== "active") throw new RegionNotActiveError(region_id, region.status);
      const after = toTenant(await this.tenants.setRegion(tx, tenant_id, region_id));
      const change = {
        action: "tenant.region_changed",
        resource_type: "tenant",
        resource_id: tenant_id,
        tenant_id,
        before,
        after,
      };
      await this.log.record(
        tx,
        caller,
        [change],
        [{ type: "tenant.updated", tenant_id, data: after }],
      );
      return after;
    });
  }
}
