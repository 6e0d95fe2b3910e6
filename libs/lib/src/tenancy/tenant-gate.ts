import { Injectable } from "@nestjs/common";
import type { Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import { requireActive, requirePlatform, requireVisible } from "./access";
import type { TenantRow } from "./tenant-row";
import { TenantStore } from "./tenant.store";
import { requireSameTree, TreeLocksStore } from "./tree-locks.store";

/** Lets a transaction in that is about to write rows of one tenant, and keeps that tenant as it is. */
@Injectable()
export class TenantGate {
  constructor(
    private readonly locks: TreeLocksStore,
    private readonly tenants: TenantStore,
  ) {}

  /**
   * The tenant, active, its tree locked against moves and changes of status until the transaction ends;
   * null for the platform, where only callers of the platform may write.
   *
   * @param operation what is about to be done to the tenant, for the message
   * @param names of what is written, to be locked too
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, ForbiddenError
   */
  async enter(
    tx: Transaction,
    tenantId: string | null,
    operation: string,
    caller: Caller,
    names: readonly string[] = [],
  ): Promise<TenantRow | null> {
    const row = await this.hold(tx, tenantId, caller, names);
    if (row !== null) requireActive(row, operation);
    return row;
  }

  /** Like {@link enter}, for what is allowed in any status: taking something away. */
  async hold(
    tx: Transaction,
    tenantId: string | null,
    caller: Caller,
    names: readonly string[] = [],
  ): Promise<TenantRow | null> {
    if (tenantId === null) requirePlatform(caller);
    const tenants = tenantId === null ? [] : [tenantId];
    const held = await this.locks.lock(tx, { tenants, tree: "shared", names });
    if (tenantId === null) return null;
    const lookup = { tenant_id: tenantId };
    const row = requireVisible(await this.tenants.findById(tenantId, tx), caller, lookup);
    requireSameTree(held, row);
    return row;
  }
}
