import type { ForEachTenantOptions, RunInTenantOptions, Scope, Tenant } from "@stratum-hq/core";
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
} as const satisfies Record<keyof LocalApi, LocalMethod>;
