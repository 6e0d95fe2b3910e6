import { Injectable } from "@nestjs/common";
import {
  RegionNotActiveError,
  RegionNotFoundError,
  StorageNotMovableError,
  tenantIdSchema,
  validate,
  type AuditContext,
  type Region,
  type Tenant,
  type RegionsApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import type { Transaction } from "../persistence/transaction";
import { Mutations, type MutationApproach } from "../tenancy/mutations";
import { toTenant, type TenantRow } from "../tenancy/tenant-row";
import { TenantStore } from "../tenancy/tenant.store";
import { RegionStore } from "./region.store";

/** A tenant, with the region that it is to be in; undefined where that is no region. */
interface RegionMove extends TenantRow {
  readonly destination: Region | undefined;
}

/** Puts tenants into other regions, for platform administrators. */
@Injectable()
export class RegionMigrationService implements Pick<RegionsApi, "migrateRegion"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly tenants: TenantStore,
    private readonly store: RegionStore,
  ) {}

  async migrateRegion(tenantId: string, regionId: string, audit?: AuditContext): Promise<Tenant> {
    const caller = currentCaller(audit);
    requirePlatformAdmin(caller);
    const tenant_id = validate(tenantIdSchema, tenantId, "tenantId");
    const region_id = validate(tenantIdSchema, regionId, "regionId");
    const operation = "change the region of";
    const prepare = (tx: Transaction) => this.approach(tx, tenant_id, region_id);
    return this.mutations.run({ tenant: tenant_id, caller, operation, prepare }, async (m) => {
      const { destination: region, ...row } = m.tenant;
      if (region === undefined) throw new RegionNotFoundError(region_id);
      const before = toTenant(row);
      if (row.region_id === region_id) return before;
      if (row.isolation_strategy === "DB_PER_TENANT")
        throw new StorageNotMovableError(tenant_id, row.isolation_strategy);
      if (region.status !== "active") throw new RegionNotActiveError(region_id, region.status);
      const after = toTenant(await this.tenants.setRegion(m.tx, tenant_id, region_id));
      const change = {
        action: "tenant.region_changed",
        resource_type: "tenant",
        resource_id: tenant_id,
        tenant_id,
        before,
        after,
      };
      await m.record([change], [{ type: "tenant.updated", tenant_id, data: after }]);
      return after;
    });
  }

  /** Keeps the region as it is until the transaction ends, so that nobody takes it out of use meanwhile. */
  private async approach(
    tx: Transaction,
    tenantId: string,
    regionId: string,
  ): Promise<MutationApproach<RegionMove>> {
    const destination = await this.store.findLocked(tx, regionId, "share");
    const read = async (): Promise<RegionMove | undefined> => {
      const [tenant] = await this.tenants.findForUpdate(tx, [tenantId]);
      return tenant && { ...tenant, destination };
    };
    return { read };
  }
}
