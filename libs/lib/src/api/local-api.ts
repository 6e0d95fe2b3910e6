import type {
  DryRunPlan,
  ForEachTenantOptions,
  RunInTenantOptions,
  Scope,
  Tenant,
} from "@stratum-hq/core";
import type { TenantPool } from "@stratum-hq/db-adapters";
import type { TenantWalk } from "../isolation/tenant-walk.service";

/** What takes the caller's own code, or gives it connections: it does not travel over a wire. */
export interface LocalApi {
  /**
   * Runs `work` with the tenant in context: what it reads and writes of tenants' tables is that tenant's.
   *
   * @returns what `work` returns; its errors pass as they are
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, ScopeIncompleteError
   */
  runInTenant<T>(id: string, work: () => T | Promise<T>, options?: RunInTenantOptions): Promise<T>;

  /**
   * Runs `work` in the context of a tenant and of each one below it, whatever their placement.
   *
   * @throws TenantNotFoundError; what `work` rejects with is in the result
   */
  forEachTenant(
    id: string,
    work: (tenant: Tenant) => unknown,
    options?: ForEachTenantOptions,
  ): Promise<TenantWalk>;

  /**
   * Connections for statements in tenants' contexts.
   *
   * @throws TenantRoleMissingError, TenantPoolUnsafeError
   */
  tenantPool(): Promise<TenantPool>;

  /**
   * Tells what the one mutation in `work` would do. It runs as it always does, under its locks, for which it waits 2 s at
   * most, until it would commit; then all of it is taken back: no row stays, no cache forgets, no operation begins, and
   * inside `work` it resolves to undefined. It asks for the mutation's scopes. Reads inside answer as they always do;
   * what `work` does beside Stratum is done.
   *
   * A call that deletes in batches tells of its first one. A refusal is in the plan, as `refused`, save for those of
   * callers, of unknown ids and of invalid input (400, 401, 403 FORBIDDEN, 404) and for failures (5xx), which pass.
   *
   * @example
   * const plan = await stratum.dryRun(() => stratum.moveTenant(customer.id, partner.id));
   * @throws ValidationError for no mutation in it, for a second one, and for what is neither mutation nor read; what
   *   `work` rejects with; ForbiddenError, TenantNotFoundError and the like of the mutation; TenantTreeBusyError
   */
  dryRun(work: () => unknown): Promise<DryRunPlan>;
}

/** What a method of {@link LocalApi} does, and which scope it asks for; a runner's own errors pass as they are. */
export interface LocalMethod {
  readonly effect: "reader" | "runner";
  readonly scope: Scope | "none";
  /**
   * Whether the caller's tenant is looked at where the result is used, and not by the call. Then the call needs no
   * connection, also while the caller's own transaction holds the only one.
   */
  readonly checkedInUse?: true;
}

export const LOCAL_API = {
  runInTenant: { effect: "runner", scope: "none" },
  forEachTenant: { effect: "runner", scope: "tenants:read" },
  tenantPool: { effect: "reader", scope: "none", checkedInUse: true },
  dryRun: { effect: "runner", scope: "none" },
} as const satisfies Record<keyof LocalApi, LocalMethod>;
