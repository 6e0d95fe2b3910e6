import {
  chainOf,
  type HiddenTenants,
  type Page,
  type Tenant,
  type TenantPath,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { toTenant, type VisibleTenantRow } from "./tenant-row";

const NONE: HiddenTenants = new Set();

/**
 * The tenants of a chain that the caller may not know: those above its bound. A customer does not learn
 * its distributor's structure, unless it holds `ancestors:read`.
 *
 * @param chain ids from the root on
 */
export function hiddenFrom(caller: Caller, chain: readonly string[]): HiddenTenants {
  if (caller.sees_ancestors || caller.bound_to === null) return NONE;
  const own = chain.indexOf(caller.bound_to);
  return own <= 0 ? NONE : new Set(chain.slice(0, own));
}

/** A tenant of the chain at the path, for a message to the caller; null where it is hidden. */
export function knownTo(caller: Caller, path: TenantPath, tenantId: string): string | null {
  return hiddenFrom(caller, chainOf(path)).has(tenantId) ? null : tenantId;
}

/** A tenant as the caller sees it: of tenants above its bound, neither ids nor that there is a parent. */
export function tenantFor(caller: Caller, row: VisibleTenantRow): Tenant {
  const tenant = toTenant(row);
  if (caller.sees_ancestors) return tenant;
  const chain = chainOf(row.path);
  const hidden = hiddenFrom(caller, chain);
  if (hidden.size === 0) return tenant;
  const known = chain.slice(hidden.size, -1);
  return {
    ...tenant,
    parent_id: known.at(-1) ?? null,
    ancestry_path: `/${known.join("/")}`,
  };
}

/** A page of tenants as the caller sees them. */
export function tenantPageFor(caller: Caller, page: Page<VisibleTenantRow>): Page<Tenant> {
  return { ...page, data: page.data.map((row) => tenantFor(caller, row)) };
}
