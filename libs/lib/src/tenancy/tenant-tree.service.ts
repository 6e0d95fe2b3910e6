import { Injectable } from "@nestjs/common";
import {
  listDescendantsSchema,
  MAX_UNPAGED_RESULTS,
  TenantArchivedError,
  tenantIdSchema,
  validate,
  type ListDescendantsInput,
  type Page,
  type Tenant,
  type TenantPath,
  type TenantTreeApi,
} from "@stratum-hq/core";
import { z } from "zod";
import { currentCaller, type Caller } from "../context/caller";
import { isVisible, requireVisible } from "./access";
import { complete, decodeCursor, pageOf } from "./page-cursor";
import { tenantFor, tenantPageFor } from "./disclosure";
import { toTenants, type TenantRow, type VisibleTenantRow } from "./tenant-row";
import { TenantStore } from "./tenant.store";

const pathCursorSchema = z.string().regex(/^[0-9a-f]{32}(\.[0-9a-f]{32})*$/);

/** Reads along the tree. */
@Injectable()
export class TenantTreeService implements Pick<
  TenantTreeApi,
  "getAncestors" | "getRoot" | "getChildren" | "getDescendants" | "listDescendants"
> {
  constructor(private readonly store: TenantStore) {}

  async getAncestors(id: string): Promise<Tenant[]> {
    return (await this.tenants(id)).slice(0, -1);
  }

  /**
   * The tenant and those above, root first.
   *
   * @throws TenantNotFoundError, TenantArchivedError
   */
  async getTenantWithAncestors(id: string): Promise<{ tenant: Tenant; ancestors: Tenant[] }> {
    const ancestors = await this.tenants(id);
    const tenant = ancestors.pop() as Tenant;
    if (tenant.status === "archived") throw new TenantArchivedError(tenant.id);
    return { tenant, ancestors };
  }

  async getRoot(id: string): Promise<Tenant> {
    const { caller, rows } = await this.chain(id);
    return tenantFor(caller, rows[0] as VisibleTenantRow);
  }

  async getChildren(id: string, includeArchived = false): Promise<Tenant[]> {
    const { id: tenantId } = await this.visible(id);
    const rows = await this.store.children(tenantId, includeArchived);
    return toTenantList(rows, "listTenants({ parent_id })");
  }

  async getDescendants(id: string, includeArchived = false): Promise<Tenant[]> {
    const { path } = await this.visible(id);
    const limit = MAX_UNPAGED_RESULTS + 1;
    const rows = await this.store.descendants(path, { after: null, limit, includeArchived });
    return toTenantList(rows, "listDescendants");
  }

  async listDescendants(id: string, query: ListDescendantsInput = {}): Promise<Page<Tenant>> {
    const { limit, cursor, include_archived } = validate(listDescendantsSchema, query, "query");
    const { path } = await this.visible(id);
    const after = decodeCursor(pathCursorSchema, cursor);
    const rows = await this.store.descendants(path, {
      after: after !== null && after > path ? after : null,
      limit: limit + 1,
      includeArchived: include_archived ?? false,
    });
    return tenantPageFor(
      currentCaller(),
      pageOf(rows, limit, (row) => row.path),
    );
  }

  private async tenants(id: string): Promise<Tenant[]> {
    const { caller, rows } = await this.chain(id);
    return caller.sees_ancestors ? toTenants(rows) : rows.map((row) => tenantFor(caller, row));
  }

  /** The tenant's chain, as far as the caller may see it, root first. */
  private async chain(id: string): Promise<{ caller: Caller; rows: VisibleTenantRow[] }> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const caller = currentCaller();
    const rows = await this.store.chain(tenantId);
    requireVisible(rows.at(-1), caller, { tenant_id: tenantId });
    return { caller, rows: rows.filter(({ path }) => isVisible(caller, path)) };
  }

  private async visible(id: string): Promise<{ id: string; path: TenantPath }> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const row = await this.store.findById(tenantId);
    return requireVisible(row, currentCaller(), { tenant_id: tenantId });
  }
}

function toTenantList(rows: readonly TenantRow[], use: string): Tenant[] {
  const caller = currentCaller();
  return complete(rows, undefined, use).map((row) => tenantFor(caller, row));
}
