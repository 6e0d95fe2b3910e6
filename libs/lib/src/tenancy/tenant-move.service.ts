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
  type TenantTreeApi,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { readOptions } from "../context/call-options";
import { TransactionRestart, type Transaction } from "../persistence/transaction";
import { requireActive, requireVersion, requireVisible } from "./access";
import { requireDescendantLimits } from "./descendant-limits.store";
import { TenantMoveStore, type Move } from "./tenant-move.store";
import { knownTo, tenantFor } from "./disclosure";
import type { Mutation } from "./mutation";
import { Mutations, type MutationApproach } from "./mutations";
import type { TenantRow } from "./tenant-row";
import { TenantStore } from "./tenant.store";

/** A tenant that is moved, with the row of where it goes; undefined where that is no tenant. */
interface MovingTenant extends TenantRow {
  readonly new_parent: TenantRow | undefined;
}

/** Changes where tenants stand in the tree. */
@Injectable()
export class TenantMoveService implements Pick<TenantTreeApi, "moveTenant" | "reorderTenant"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly tenants: TenantStore,
    private readonly store: TenantMoveStore,
  ) {}

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
    const others = parentId === null ? [] : [parentId];
    const request = {
      tenant: tenantId,
      caller: call.caller,
      operation: null,
      lock: { tree: "exclusive", others },
      read: (tx: Transaction) => this.readMoving(tx, tenantId, parentId),
    } as const;
    return this.mutations.run(request, async (m) => {
      requireMovable(m.tenant, call.caller);
      const parent = parentId === null ? null : newParent(m, parentId);
      requireVersion(m.tenant, call.options.expected_version);
      if (m.tenant.parent_id === parentId) return tenantFor(call.caller, m.tenant);
      return this.move(m, parent);
    });
  }

  async reorderTenant(
    id: string,
    position: number,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const index = validate(positionSchema, position, "position");
    const call = readOptions(versionedSchema, options, audit);
    const { caller } = call;
    const prepare = (tx: Transaction) => this.reorderApproach(tx, tenantId);
    return this.mutations.run({ tenant: tenantId, caller, operation: null, prepare }, async (m) => {
      requireMovable(m.tenant, caller);
      requireVersion(m.tenant, call.options.expected_version);
      const statement = this.store.reorder(tenantId, m.tenant.parent_id, index);
      const changed = await m.recordBulk({
        ...statement,
        action: "tenant.reordered",
        event: { type: "tenant.updated", tenant_id: tenantId, data: { position: index } },
      });
      return changed === 0 ? tenantFor(caller, m.tenant) : this.reread(m);
    });
  }

  private async readMoving(
    tx: Transaction,
    tenantId: string,
    parentId: string | null,
  ): Promise<MovingTenant | undefined> {
    const tenants = parentId === null ? [tenantId] : [tenantId, parentId];
    const rows = await this.tenants.findForUpdate(tx, tenants);
    const tenant = rows.find(({ id }) => id === tenantId);
    return tenant && { ...tenant, new_parent: rows.find(({ id }) => id === parentId) };
  }

  /** Locks the order of the roots too, where the tenant is one. */
  private async reorderApproach(
    tx: Transaction,
    tenantId: string,
  ): Promise<MutationApproach<TenantRow>> {
    const before = await this.tenants.findById(tenantId, tx);
    const roots = before?.parent_id === null;
    const read = async (): Promise<TenantRow | undefined> => {
      const [tenant] = await this.tenants.findForUpdate(tx, [tenantId]);
      const moved = tenant !== undefined && (tenant.parent_id === null) !== roots;
      if (moved) throw new TransactionRestart("moved meanwhile");
      return tenant;
    };
    return { lock: { tree: "exclusive", roots }, read };
  }

  private async move(m: Mutation<MovingTenant>, parent: TenantRow | null): Promise<Tenant> {
    const { tx, caller, tenant } = m;
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
    await m.recordBulk({
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
    return this.reread(m);
  }

  private async reread({ tx, caller, tenant }: Mutation<TenantRow>): Promise<Tenant> {
    return tenantFor(caller, (await this.tenants.findById(tenant.id, tx)) as TenantRow);
  }
}

function requireMovable(tenant: TenantRow, caller: Caller): void {
  requireBelowBound(caller, tenant);
  requireActive(tenant, "move");
}

/** Where the tenant goes, if it may go there. */
function newParent(m: Mutation<MovingTenant>, parentId: string): TenantRow {
  const { tenant, caller } = m;
  const parent = requireVisible(tenant.new_parent, caller, { tenant_id: parentId });
  m.requireSameTree(parent);
  requireActive(parent, "move a tenant under");
  if (isWithin(parent.path, tenant.id)) throw new TenantCycleDetectedError(tenant.id, parentId);
  return parent;
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
