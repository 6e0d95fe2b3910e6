import { Injectable } from "@nestjs/common";
import {
  tenantIdSchema,
  validate,
  type Page,
  type PageInput,
  type Role,
  type TenantPath,
  type RolesApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { listed, listRequest } from "../tenancy/page-cursor";
import { TenantStore } from "../tenancy/tenant.store";
import { isRoleVisible, toRole } from "./role-access";
import { RoleStore } from "./role.store";

/** Reads roles. */
@Injectable()
export class RoleReadService implements Pick<RolesApi, "getRole" | "listRoles"> {
  constructor(
    private readonly store: RoleStore,
    private readonly tenants: TenantStore,
  ) {}

  async getRole(id: string): Promise<Role | null> {
    const role = await this.store.find(validate(tenantIdSchema, id, "id"));
    return role !== undefined && isRoleVisible(currentCaller(), role) ? toRole(role) : null;
  }

  async listRoles(tenantId: string | null | undefined, query: PageInput): Promise<Page<Role>>;
  async listRoles(tenantId?: string | null): Promise<Role[]>;
  async listRoles(tenantId?: string | null, query?: PageInput): Promise<Role[] | Page<Role>> {
    const request = listRequest(query);
    const caller = currentCaller();
    const serving = validate(tenantIdSchema.nullish(), tenantId, "tenantId") ?? null;
    if (serving !== null) await this.pathOf(serving, caller);
    const rows = await this.store.list({
      cursor: request.cursor,
      limit: request.rows,
      ...(caller.bound_to === null ? {} : { within: await this.pathOf(caller.bound_to, caller) }),
      ...(serving === null ? {} : { serving }),
    });
    return listed(rows.map(toRole), request, "listRoles with { limit, cursor }");
  }

  private async pathOf(tenantId: string, caller: Caller): Promise<TenantPath> {
    const row = await this.tenants.findById(tenantId);
    return requireVisible(row, caller, { tenant_id: tenantId }).path;
  }
}
