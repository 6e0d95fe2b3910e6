import { Injectable } from "@nestjs/common";
import {
  canTransition,
  ForbiddenError,
  InvalidTenantStateError,
  isBelow,
  OperationInProgressError,
  STATUS_TRANSITIONS,
  TenantHasChildrenError,
  TenantOnLegalHoldError,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import { requireVisible } from "../tenancy/access";
import { knownTo } from "../tenancy/disclosure";
import type { TenantRow } from "../tenancy/tenant-row";
import { TenantStore } from "../tenancy/tenant.store";
import { requireSameTree, TreeLocksStore } from "../tenancy/tree-locks.store";
import { PurgeStore } from "./purge.store";

/** Decides whether a tenant may be purged, and keeps its tree as it is until the transaction ends. */
@Injectable()
export class PurgeGate {
  constructor(
    private readonly locks: TreeLocksStore,
    private readonly tenants: TenantStore,
    private readonly store: PurgeStore,
  ) {}

  /**
   * The tenant, if nothing stands against its purge.
   *
   * @throws TenantNotFoundError, ForbiddenError for the tenant that the caller is bound to,
   *   OperationInProgressError, InvalidTenantStateError, TenantOnLegalHoldError, TenantHasChildrenError
   */
  async enter(tx: Transaction, id: string, subtree: boolean, caller: Caller): Promise<TenantRow> {
    const held = await this.locks.lock(tx, { tenants: [id], tree: "exclusive" });
    const [row] = await this.tenants.findForUpdate(tx, [id]);
    const tenant = requireVisible(row, caller, { tenant_id: id });
    requireSameTree(held, tenant);
    requireBelowBound(caller, tenant);
    await this.requireNoObstacle(tx, tenant, subtree, caller);
    return tenant;
  }

  private async requireNoObstacle(
    tx: Transaction,
    tenant: TenantRow,
    subtree: boolean,
    caller: Caller,
  ): Promise<void> {
    const { id, path, status } = tenant;
    const { purge_id, held, has_children } = await this.store.obstacles(tx, tenant);
    if (purge_id !== null) throw new OperationInProgressError(purge_id, "purge", id);
    if (!canTransition("purge", status)) {
      throw new InvalidTenantStateError(id, status, "purge", STATUS_TRANSITIONS.purge.from);
    }
    if (held !== null) throw new TenantOnLegalHoldError(knownTo(caller, path, held), "purge");
    if (has_children && !subtree) throw new TenantHasChildrenError(id, "purge");
  }
}

/** Who belongs to a tenant does not decide whether that tenant itself exists. */
function requireBelowBound(caller: Caller, tenant: TenantRow): void {
  if (caller.bound_to === null || isBelow(tenant.path, caller.bound_to)) return;
  throw new ForbiddenError("A tenant is purged by the level above it. Ask that level.", {
    tenant_id: tenant.id,
  });
}
