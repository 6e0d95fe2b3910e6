import {
  ancestryPathOf,
  depthOf,
  type IsolationStrategy,
  type JsonObject,
  type Tenant,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";

/** What callers see of a row of table `tenants`. */
export interface VisibleTenantRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly path: TenantPath;
  readonly name: string;
  readonly slug: string;
  readonly external_id: string | null;
  readonly metadata: JsonObject;
  readonly isolation_strategy: IsolationStrategy;
  readonly region_id: string | null;
  readonly status: TenantStatus;
  readonly status_reason: string | null;
  readonly legal_hold: boolean;
  readonly sort_order: number;
  readonly version: number;
  readonly deleted_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Tenants as the resource of a set-based change. */
export const TENANT_RESOURCE = { type: "tenant", id: "tenant_id::text" } as const;

/** A row of table `tenants`, as the stores read it. */
export interface TenantRow extends VisibleTenantRow {
  /** The operation that suspended it, and the bound of the caller who did; null where not suspended. */
  readonly suspension_id: string | null;
  readonly suspended_by: string | null;
  /** The same of its archival. */
  readonly archival_id: string | null;
  readonly archived_by: string | null;
  /** The bound of who holds it, null for the platform, where it is on legal hold. */
  readonly held_by: string | null;
}

/** The tenants of a chain, root first; each one's ancestry is the one's before it, and that one. */
export function toTenants(chain: readonly VisibleTenantRow[]): Tenant[] {
  let ancestry = "";
  return chain.map((row, index) => {
    const tenant = index === 0 ? toTenant(row) : toTenant(row, ancestry);
    ancestry = `${tenant.ancestry_path === "/" ? "" : tenant.ancestry_path}/${row.id}`;
    return tenant;
  });
}

/** A tenant as callers see it. */
export function toTenant(row: VisibleTenantRow, ancestryPath = ancestryPathOf(row.path)): Tenant {
  return {
    id: row.id,
    parent_id: row.parent_id,
    ancestry_path: ancestryPath,
    depth: depthOf(row.path),
    name: row.name,
    slug: row.slug,
    external_id: row.external_id,
    metadata: row.metadata,
    isolation_strategy: row.isolation_strategy,
    region_id: row.region_id,
    status: row.status,
    status_reason: row.status_reason,
    legal_hold: row.legal_hold,
    sort_order: row.sort_order,
    version: row.version,
    deleted_at: row.deleted_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
