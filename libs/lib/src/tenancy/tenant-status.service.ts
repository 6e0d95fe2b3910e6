import { Injectable } from "@nestjs/common";
import {
  canTransition,
  chainOf,
  ForbiddenError,
  InvalidTenantStateError,
  STATUS_TRANSITIONS,
  TenantHasChildrenError,
  tenantIdSchema,
  tenantStatusSchema,
  validate,
  type AuditContext,
  type StatusOperation,
  type Tenant,
  type TenantStatusInput,
  type TenancyApi,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { readOptions } from "../context/call-options";
import type { SetStatement } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";
import { requireActive, requireVersion } from "./access";
import { knownTo, tenantFor } from "./disclosure";
import { Mutations } from "./mutations";
import type { TenantRow } from "./tenant-row";
import { TenantStatusStore } from "./tenant-status.store";
import { TenantStore } from "./tenant.store";

type Options = ReturnType<typeof tenantStatusSchema.parse>;

/** One change of status, as the methods below ask for it. */
interface StatusChange {
  readonly id: string;
  readonly options: Options;
  readonly caller: Caller;
  readonly operation: StatusOperation;
  /** The audit log's action and the event's type. */
  readonly type: string;
  readonly statement: (tenant: TenantRow, tx: Transaction) => SetStatement;
}

/** Suspends, archives and resumes tenants. */
@Injectable()
export class TenantStatusService implements Pick<
  TenancyApi,
  "suspendTenant" | "resumeTenant" | "archiveTenant" | "deleteTenant"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly tenants: TenantStore,
    private readonly store: TenantStatusStore,
  ) {}

  async suspendTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant> {
    const call = readOptions(tenantStatusSchema, options, audit);
    return this.change({
      id: validate(tenantIdSchema, id, "id"),
      ...call,
      operation: "suspend",
      type: "tenant.suspended",
      statement: (tenant, tx) => this.store.suspend(shutdownOf(tenant, call, tx)),
    });
  }

  async archiveTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant> {
    return this.archive(id, readOptions(tenantStatusSchema, options, audit), "tenant.archived");
  }

  async deleteTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant> {
    return this.archive(id, readOptions(tenantStatusSchema, options, audit), "tenant.deleted");
  }

  async resumeTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant> {
    const call = readOptions(tenantStatusSchema, options, audit);
    return this.change({
      id: validate(tenantIdSchema, id, "id"),
      ...call,
      operation: "resume",
      type: "tenant.resumed",
      statement: (tenant) => this.store.resume(tenant, call.options.subtree ?? false),
    });
  }

  private archive(
    id: string,
    call: { options: Options; caller: Caller },
    type: string,
  ): Promise<Tenant> {
    return this.change({
      id: validate(tenantIdSchema, id, "id"),
      ...call,
      operation: "archive",
      type,
      statement: (tenant, tx) => this.store.archive(shutdownOf(tenant, call, tx)),
    });
  }

  private async change(change: StatusChange): Promise<Tenant> {
    const { id, caller, operation, options } = change;
    const lock = { tree: "exclusive", row: true } as const;
    return this.mutations.run({ tenant: id, caller, operation: null, lock }, async (m) => {
      const { tx, tenant } = m;
      if (!canTransition(operation, tenant.status)) {
        const { from } = STATUS_TRANSITIONS[operation];
        throw new InvalidTenantStateError(id, tenant.status, operation, from);
      }
      if (operation === "resume") await this.requireResumable(tx, tenant, caller);
      else await this.requireNoActiveChildren(tx, tenant, operation, options);
      requireVersion(tenant, options.expected_version);
      await m.recordBulk({
        ...change.statement(tenant, tx),
        action: change.type,
        event: {
          type: change.type,
          tenant_id: id,
          data: { status_before: tenant.status, reason: options.reason ?? null },
        },
      });
      return tenantFor(caller, (await this.tenants.findById(id, tx)) as TenantRow);
    });
  }

  private async requireNoActiveChildren(
    tx: Transaction,
    tenant: TenantRow,
    operation: StatusOperation,
    options: Options,
  ): Promise<void> {
    if (options.subtree === true) return;
    if (await this.store.hasActiveChildren(tx, tenant.id)) {
      throw new TenantHasChildrenError(tenant.id, operation);
    }
  }

  private async requireResumable(
    tx: Transaction,
    tenant: TenantRow,
    caller: Caller,
  ): Promise<void> {
    requireAuthority(tenant, caller);
    if (tenant.parent_id === null) return;
    const parent = (await this.tenants.findById(tenant.parent_id, tx)) as TenantRow;
    const id = knownTo(caller, tenant.path, parent.id);
    requireActive({ ...parent, id }, "resume a tenant under");
  }
}

function shutdownOf(
  tenant: TenantRow,
  { options, caller }: { options: Options; caller: Caller },
  tx: Transaction,
) {
  return {
    tenant,
    subtree: options.subtree ?? false,
    reason: options.reason ?? null,
    operation_id: tx.operationId,
    by: caller.bound_to,
  };
}

/** A caller bound to a tenant may undo what its own level or one below did, not what one above did. */
function requireAuthority(tenant: TenantRow, caller: Caller): void {
  if (caller.bound_to === null) return;
  const chain = chainOf(tenant.path);
  const own = chain.indexOf(caller.bound_to);
  const shutBy = [
    ...(tenant.suspension_id === null ? [] : [tenant.suspended_by]),
    ...(tenant.archival_id === null ? [] : [tenant.archived_by]),
  ];
  // The platform (null), and a tenant that is no longer on the chain, count as above.
  if (shutBy.every((by) => by !== null && chain.indexOf(by) >= own)) return;
  throw new ForbiddenError(
    `Tenant ${tenant.id} was ${tenant.status} by a level above. Ask that level to resume it.`,
    { tenant_id: tenant.id, status: tenant.status },
  );
}
