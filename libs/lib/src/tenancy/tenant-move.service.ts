import { Injectable } from "@nestjs/common";
import {
  ancestorsOf,
  ancestryPathOf,
  childPath,
  depthOf,
  ForbiddenError,
  isBelow,
  isWithin,
  MAX_TREE_DEPTH,
  positionSchema,
  TenantCycleDetectedError,
  TenantDepthExceededError,
  TenantOnLegalHoldError,
  tenantIdSchema,
  validate,
  versionedSchema,
  type AuditContext,
  type Tenant,
  type VersionedInput,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { readOptions } from "../context/call-options";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import { TransactionRestart, type Transaction } from "../persistence/transaction";
import { requireActive, requireVersion, requireVisible } from "./access";
import { requireDescendantLimits } from "./descendant-limits.store";
import { TenantMoveStore, type Move } from "./tenant-move.store";
import { knownTo, tenantFor } from "./disclosure";
import type { TenantRow } from "./tenant-row";
import { TenantStore } from "./tenant.store";
import { requireSameTree, TreeLocksStore, type HeldTrees } from "./tree-locks.store";

/** Changes where tenants stand in the tree. */
@Injectable()
export class TenantMoveService {
  constructor(
    private readonly database: Database,
    private readonly locks: TreeLocksStore,
    private readonly tenants: TenantStore,
    private readonly store: TenantMoveStore,
    private readonly log: MutationLog,
  ) {}

  /**
   * Moves a tenant with everything below it under another parent, as its last child; `null` makes it a
   * root. What is configured above from then on is inherited from the new place. The number of
   * statements does not grow with the subtree. Moving to where it already is changes nothing.
   *
   * @throws TenantNotFoundError for either, TenantSuspendedError or TenantArchivedError for either,
   *   VersionConflictError, TenantCycleDetectedError, TenantDepthExceededError, TenantAlreadyExistsError
   *   for an external id that the new tree has, TenantLimitExceededError, TenantOnLegalHoldError where a
   *   tenant that would be above no more is on hold, TenantTreeBusyError
   */
  async moveTenant(
    id: string,
    newParentId: string | null,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const parentId = validate(tenantIdSchema.nullable(), newParentId, "newParentId");
    const call = readOptions(versionedSchema, options, audit);
    if (parentId === null) requireUnbound(call.caller);
    return this.database.transaction(async (tx) => {
      const tenants = parentId === null ? [tenantId] : [tenantId, parentId];
      const held = await this.locks.lock(tx, { tenants, tree: "exclusive" });
      const rows = await this.tenants.findForUpdate(tx, tenants);
      const tenant = this.movable(rows, tenantId, held, call.caller);
      const parent =
        parentId === null ? null : this.newParent(rows, parentId, held, tenant, call.caller);
      requireVersion(tenant, call.options.expected_version);
      if (tenant.parent_id === parentId) return tenantFor(call.caller, tenant);
      return this.move(tx, tenant, parent, call.caller);
    });
  }

  /**
   * Puts a tenant at a position among its siblings, counted from 0, archived ones not counted; beyond
   * the last means last.
   *
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, VersionConflictError,
   *   TenantTreeBusyError
   */
  async reorderTenant(
    id: string,
    position: number,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const index = validate(positionSchema, position, "position");
    const call = readOptions(versionedSchema, options, audit);
    return this.database.transaction(async (tx) => {
      const before = await this.tenants.findById(tenantId, tx);
      const roots = before?.parent_id === null;
      const held = await this.locks.lock(tx, { tenants: [tenantId], tree: "exclusive", roots });
      const tenant = this.movable(
        await this.tenants.findForUpdate(tx, [tenantId]),
        tenantId,
        held,
        call.caller,
      );
      if ((tenant.parent_id === null) !== roots) throw new TransactionRestart("moved meanwhile");
      requireVersion(tenant, call.options.expected_version);
      const statement = this.store.reorder(tenantId, tenant.parent_id, index);
      const changed = await this.log.recordBulk(tx, call.caller, {
        ...statement,
        action: "tenant.reordered",
        event: { type: "tenant.updated", tenant_id: tenantId, data: { position: index } },
      });
      return changed === 0
        ? tenantFor(call.caller, tenant)
        : this.reread(tx, tenantId, call.caller);
    });
  }

  private movable(
    rows: readonly TenantRow[],
    tenantId: string,
    held: HeldTrees,
    caller: Caller,
  ): TenantRow {
    const tenant = requireVisible(
      rows.find((row) => row.id === tenantId),
      caller,
      { tenant_id: tenantId },
    );
    requireSameTree(held, tenant);
    requireBelowBound(caller, tenant);
    requireActive(tenant, "move");
    return tenant;
  }

  private newParent(
    rows: readonly TenantRow[],
    parentId: string,
    held: HeldTrees,
    tenant: TenantRow,
    caller: Caller,
  ): TenantRow {
    const parent = requireVisible(
      rows.find((row) => row.id === parentId),
      caller,
      { tenant_id: parentId },
    );
    requireSameTree(held, parent);
    requireActive(parent, "move a tenant under");
    if (isWithin(parent.path, tenant.id)) throw new TenantCycleDetectedError(tenant.id, parentId);
    return parent;
  }

  private async move(
    tx: Transaction,
    tenant: TenantRow,
    parent: TenantRow | null,
    caller: Caller,
  ): Promise<Tenant> {
    const to = childPath(parent?.path ?? null, tenant.id);
    const parentId = parent?.id ?? null;
    const left = ancestorsOf(tenant.path).filter((ancestor) => !isWithin(to, ancestor));
    const { deepest, next_order, limited, held } = await this.store.movePreconditions(
      tx,
      tenant.path,
      parentId,
      left,
      depthOf(to) > depthOf(tenant.path),
    );
    if (held !== null) {
      const known = knownTo(caller, tenant.path, held);
      throw new TenantOnLegalHoldError(known, "move a tenant out of the hold");
    }
    const depth = deepest - depthOf(tenant.path) + depthOf(to);
    if (depth > MAX_TREE_DEPTH) throw new TenantDepthExceededError(depth);
    const before = { moved_tenant_id: tenant.id, parent_id: tenant.parent_id };
    const after = { moved_tenant_id: tenant.id, parent_id: parentId };
    const move: Move = {
      id: tenant.id,
      from: tenant.path,
      to,
      parent_id: parentId,
      sort_order: next_order,
      before,
      after,
    };
    await this.log.recordBulk(tx, caller, {
      ...this.store.move(move),
      action: "tenant.moved",
      event: {
        type: "tenant.moved",
        tenant_id: tenant.id,
        data: {
          before: { ...before, ancestry_path: ancestryPathOf(tenant.path) },
          after: { ...after, ancestry_path: ancestryPathOf(to) },
        },
      },
    });
    if (limited) await requireDescendantLimits(tx, [to], caller, ancestorsOf(tenant.path));
    return this.reread(tx, tenant.id, caller);
  }

  private async reread(tx: Transaction, tenantId: string, caller: Caller): Promise<Tenant> {
    return tenantFor(caller, (await this.tenants.findById(tenantId, tx)) as TenantRow);
  }
}

function requireUnbound(caller: Caller): void {
  if (caller.bound_to === null) return;
  throw new ForbiddenError("Only the platform makes roots. Name a new parent.", {
    tenant_id: caller.bound_to,
  });
}

/** Who belongs to a tenant does not decide where that tenant itself stands. */
function requireBelowBound(caller: Caller, tenant: TenantRow): void {
  if (caller.bound_to === null || isBelow(tenant.path, caller.bound_to)) return;
  throw new ForbiddenError("A tenant's place is decided by the level above it.", {
    tenant_id: tenant.id,
  });
}
