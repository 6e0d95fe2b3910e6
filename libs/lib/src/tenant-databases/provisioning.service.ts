import { Injectable } from "@nestjs/common";
import {
  OperationInProgressError,
  tenantIdSchema,
  validate,
  type AuditContext,
  type Tenant,
  type IsolationApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import { requireActive, requireVisible } from "../tenancy/access";
import { tenantFor } from "../tenancy/disclosure";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import { toTenant, type TenantRow } from "../tenancy/tenant-row";
import { TenantStorages } from "../tenancy/tenant-storages";
import { TenantStore } from "../tenancy/tenant.store";
import { ProvisioningStore } from "./provisioning.store";

/** Makes tenants' storage that is lacking. */
@Injectable()
export class ProvisioningService implements Pick<IsolationApi, "provisionTenant"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly tenants: TenantStore,
    private readonly storages: TenantStorages,
    private readonly store: ProvisioningStore,
  ) {}

  async provisionTenant(id: string, audit?: AuditContext): Promise<Tenant> {
    const caller = currentCaller(audit);
    const tenantId = validate(tenantIdSchema, id, "id");
    await this.mutations.run({ tenant: tenantId, caller, operation: null }, (m) => this.begin(m));
    const errors = await this.storages.finish([tenantId]);
    for (const error of errors.values()) throw error;
    const row = await this.tenants.findById(tenantId);
    return tenantFor(caller, requireVisible(row, caller, { tenant_id: tenantId }));
  }

  private async begin(m: Mutation<TenantRow>): Promise<void> {
    const { tx, caller, tenant: row } = m;
    const tenantId = row.id;
    if (row.status !== "provisioning") requireActive(row, "provision");
    await this.requireIdle(tx, tenantId);
    // Of several calls at once, one begins; a step that is under way holds the row for long.
    await this.store.lock(tx, tenantId);
    await this.requireIdle(tx, tenantId);
    if (!(await this.storages.repair(tx, row, caller))) return;
    const change = {
      action: "tenant.provisioning",
      resource_type: "tenant",
      resource_id: tenantId,
      tenant_id: tenantId,
      before: toTenant(row),
      after: toTenant(row),
    };
    await m.record([change], []);
  }

  private async requireIdle(tx: Transaction, tenantId: string): Promise<void> {
    const [running] = await this.store.running([tenantId], tx);
    if (running === undefined) return;
    throw new OperationInProgressError(running.id, "provision", tenantId);
  }
}
