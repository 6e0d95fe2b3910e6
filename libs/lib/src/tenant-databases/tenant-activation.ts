import { Injectable } from "@nestjs/common";
import { InvalidTenantStateError, TenantNotFoundError } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { MutationLog } from "../persistence/mutation-log";
import type { Transaction } from "../persistence/transaction";
import { inactivityOf } from "../tenancy/access";
import { knownTo } from "../tenancy/disclosure";
import { toTenant, type TenantRow } from "../tenancy/tenant-row";
import { TenantStore } from "../tenancy/tenant.store";
import { requireSameTree, TreeLocksStore } from "../tenancy/tree-locks.store";
import { ProvisioningStore } from "./provisioning.store";

/** Makes tenants active whose storage is made. */
@Injectable()
export class TenantActivation {
  constructor(
    private readonly locks: TreeLocksStore,
    private readonly tenants: TenantStore,
    private readonly store: ProvisioningStore,
    private readonly log: MutationLog,
  ) {}

  /**
   * The tenant, if its storage may be made, kept as it is until the transaction ends: a purge of it waits, so
   * that nothing is made after what that takes away.
   *
   * @throws TenantNotFoundError, InvalidTenantStateError
   */
  async keep(tx: Transaction, id: string): Promise<TenantRow> {
    await this.store.keepOpen(tx);
    const [tenant] = await this.tenants.findForUpdate(tx, [id]);
    if (tenant === undefined) throw new TenantNotFoundError({ tenant_id: id });
    requireStorable(tenant);
    return tenant;
  }

  /**
   * Makes the tenant active, and puts that on record; nothing where it is. Every ancestor of an active tenant is
   * active: the tree keeps its shape meanwhile.
   *
   * @throws TenantNotFoundError, InvalidTenantStateError, TenantSuspendedError or TenantArchivedError for its
   *   parent
   */
  async activate(tx: Transaction, id: string, caller: Caller): Promise<void> {
    const held = await this.locks.lock(tx, { tenants: [id], tree: "shared" });
    const before = await this.keep(tx, id);
    requireSameTree(held, before);
    if (before.status === "active") return;
    await this.requireActiveParent(tx, before, caller);
    const row = await this.store.activate(tx, id);
    const change = {
      ...{ action: "tenant.provisioned", resource_type: "tenant", resource_id: id, tenant_id: id },
      ...{ before: toTenant(before), after: toTenant(row) },
    };
    const event = { type: "tenant.updated", tenant_id: id, data: toTenant(row) };
    await this.log.record(tx, caller, [change], [event]);
  }

  private async requireActiveParent(
    tx: Transaction,
    { path, parent_id }: TenantRow,
    caller: Caller,
  ): Promise<void> {
    if (parent_id === null) return;
    const parent = await this.tenants.findById(parent_id, tx);
    if (parent === undefined) throw new TenantNotFoundError({ tenant_id: parent_id });
    const named = { id: knownTo(caller, path, parent.id), status: parent.status };
    const error = inactivityOf(named, "provision a tenant under");
    if (error !== null) throw error;
  }
}

/** An active one whose database was lost gets an empty one. */
export function requireStorable({ id, status }: Pick<TenantRow, "id" | "status">): void {
  if (status === "provisioning" || status === "active") return;
  throw new InvalidTenantStateError(id, status, "provision", ["provisioning", "active"]);
}
