import { Injectable } from "@nestjs/common";
import {
  listSchema,
  MAX_UNPAGED_RESULTS,
  tenantIdSchema,
  validate,
  type ListInput,
  type Role,
  type TenantPath,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { complete } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { isRoleVisible, toRole } from "./role-access";
import { RoleStore } from "./role.store";

/** Reads roles. */
@Injectable()
export class RoleReadService {
  constructor(
    private readonly store: RoleStore,
    private readonly tenants: TenantStore,
  ) {}

  /** One role; null for one that is not there, or that the caller may not see. @throws ValidationError */
  async getRole(id: string): Promise<Role | null> {
    const role = await this.store.find(validate(tenantIdSchema, id, "id"));
    return role !== undefined && isRoleVisible(currentCaller(), role) ? toRole(role) : null;
  }

  /**
   * The roles that can be assigned at a tenant: its own, those of tenants above and the global ones; or,
   * without a tenant, all that the caller may see. Oldest first.
   *
   * @param query `{ limit, cursor }` for a part of them; `cursor` is the last id seen
   * @throws ValidationError, TenantNotFoundError; ResultTooLargeError for more than 10,000 without limit
   */
  async listRoles(tenantId?: string | null, query: ListInput = {}): Promise<Role[]> {
    const { cursor = null, limit } = validate(listSchema, query, "query");
    const caller = currentCaller();
    const serving = validate(tenantIdSchema.nullish(), tenantId, "tenantId") ?? null;
    if (serving !== null) await this.pathOf(serving, caller);
    const rows = await this.store.list({
      cursor,
      limit: limit ?? MAX_UNPAGED_RESULTS + 1,
      ...(caller.bound_to === null ? {} : { within: await this.pathOf(caller.bound_to, caller) }),
      ...(serving === null ? {} : { serving }),
    });
    return complete(rows, limit, "listRoles with { limit, cursor }").map(toRole);
  }

  private async pathOf(tenantId: string, caller: Caller): Promise<TenantPath> {
    const row = await this.tenants.findById(tenantId);
    return requireVisible(row, caller, { tenant_id: tenantId }).path;
  }
}
