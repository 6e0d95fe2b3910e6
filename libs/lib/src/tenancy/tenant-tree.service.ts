import { Injectable } from "@nestjs/common";
import {
  listDescendantsSchema,
  MAX_UNPAGED_RESULTS,
  tenantIdSchema,
  validate,
  type ListDescendantsInput,
  type Page,
  type Tenant,
  type TenantPath,
} from "@stratum-hq/core";
import { z } from "zod";
import { currentCaller } from "../context/caller";
import { isVisible, requireVisible } from "./access";
import { complete, decodeCursor, pageOf } from "./page-cursor";
import {
  toTenant,
  toTenantPage,
  toTenants,
  type TenantRow,
  type VisibleTenantRow,
} from "./tenant-row";
import { TenantStore } from "./tenant.store";

const pathCursorSchema = z.string().regex(/^[0-9a-f]{32}(\.[0-9a-f]{32})*$/);

/** Reads along the tree. */
@Injectable()
export class TenantTreeService {
  constructor(private readonly store: TenantStore) {}

  /**
   * The tenants above, root first; empty for a root. Archived ones are among them.
   *
   * @throws TenantNotFoundError
   */
  async getAncestors(id: string): Promise<Tenant[]> {
    return toTenants((await this.chain(id)).slice(0, -1));
  }

  /**
   * The root of the tenant's tree: itself, when it is one. A caller bound to a tenant gets that one.
   *
   * @throws TenantNotFoundError
   */
  async getRoot(id: string): Promise<Tenant> {
    return toTenant((await this.chain(id))[0] as VisibleTenantRow);
  }

  /**
   * The tenants directly below, in their order.
   *
   * @throws TenantNotFoundError; ResultTooLargeError for more than 10,000
   */
  async getChildren(id: string, includeArchived = false): Promise<Tenant[]> {
    const { id: tenantId } = await this.visible(id);
    const rows = await this.store.children(tenantId, includeArchived);
    return toTenantList(rows, "listTenants({ parent_id })");
  }

  /**
   * The tenants below, depth first.
   *
   * @throws TenantNotFoundError; ResultTooLargeError for more than 10,000
   */
  async getDescendants(id: string, includeArchived = false): Promise<Tenant[]> {
    const { path } = await this.visible(id);
    const limit = MAX_UNPAGED_RESULTS + 1;
    const rows = await this.store.descendants(path, { after: null, limit, includeArchived });
    return toTenantList(rows, "listDescendants");
  }

  /**
   * One page of the tenants below, depth first. Each tenant that stays where it is from the first page
   * to the last appears on exactly one.
   *
   * @throws TenantNotFoundError, ValidationError
   */
  async listDescendants(id: string, query: ListDescendantsInput = {}): Promise<Page<Tenant>> {
    const { limit, cursor, include_archived } = validate(listDescendantsSchema, query, "query");
    const { path } = await this.visible(id);
    const after = decodeCursor(pathCursorSchema, cursor);
    const rows = await this.store.descendants(path, {
      after: after !== null && after > path ? after : null,
      limit: limit + 1,
      includeArchived: include_archived ?? false,
    });
    return toTenantPage(pageOf(rows, limit, (row) => row.path));
  }

  private async chain(id: string): Promise<VisibleTenantRow[]> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const caller = currentCaller();
    const rows = await this.store.chain(tenantId);
    requireVisible(rows.at(-1), caller, { tenant_id: tenantId });
    return rows.filter(({ path }) => isVisible(caller, path));
  }

  private async visible(id: string): Promise<{ id: string; path: TenantPath }> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const row = await this.store.findById(tenantId);
    return requireVisible(row, currentCaller(), { tenant_id: tenantId });
  }
}

function toTenantList(rows: readonly TenantRow[], use: string): Tenant[] {
  return complete(rows, undefined, use).map((row) => toTenant(row));
}
