import {
  ancestryPathOf,
  depthOf,
  type IsolationStrategy,
  type JsonObject,
  type Tenant,
  type TenantPath,
  type TenantStatus,
} from "@stratum-hq/core";

/** A row of table `tenants`, as the stores read it. */
export interface TenantRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly path: TenantPath;
  readonly name: string;
  readonly slug: string;
  readonly external_id: string | null;
  readonly metadata: JsonObject;
  readonly isolation_strategy: IsolationStrategy;
  readonly status: TenantStatus;
  readonly status_reason: string | null;
  /** The operation that suspended it, and the bound of the caller who did; null where not suspended. */
  readonly suspension_id: string | null;
  readonly suspended_by: string | null;
  /** The same of its archival. */
  readonly archival_id: string | null;
  readonly archived_by: string | null;
  readonly sort_order: number;
  readonly version: number;
  readonly deleted_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** A tenant as callers see it. */
export function toTenant(row: TenantRow): Tenant {
  return {
    id: row.id,
    parent_id: row.parent_id,
    ancestry_path: ancestryPathOf(row.path),
    depth: depthOf(row.path),
    name: row.name,
    slug: row.slug,
    external_id: row.external_id,
    metadata: row.metadata,
    isolation_strategy: row.isolation_strategy,
    status: row.status,
    status_reason: row.status_reason,
    sort_order: row.sort_order,
    version: row.version,
    deleted_at: row.deleted_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
