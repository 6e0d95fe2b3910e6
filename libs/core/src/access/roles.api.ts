import type { AuditContext } from "../audit/audit.schemas";
import type { CreateRoleInput, Role, UpdateRoleInput } from "./role.schemas";
import type { Page, PageInput } from "../tenant/tenant-inputs.schemas";
import type { ReadOptions } from "../platform/read-options";
import { body, field, member, path, queries, query, type ApiMethod } from "../api/api-method";

/** Roles, and whom they are assigned to. */
export interface RolesApi {
  /**
   * Creates a role of a tenant, which serves that tenant and those below, or, without `tenant_id`, a
   * global one.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ForbiddenError for a global role by a tenant's caller, ScopeEscalationError,
   *   RoleAlreadyExistsError
   */
  createRole(input: CreateRoleInput, audit?: AuditContext): Promise<Role>;

  /**
   * Changes the fields given; who has the role has its new scopes from then on. Null for a role that is
   * not there.
   *
   * @throws ValidationError, ForbiddenError for a global role by a tenant's caller,
   *   ScopeEscalationError for scopes added, TenantSuspendedError, TenantArchivedError,
   *   RoleAlreadyExistsError, VersionConflictError
   */
  updateRole(id: string, input: UpdateRoleInput, audit?: AuditContext): Promise<Role | null>;

  /**
   * Deletes a role that nobody has; false for one that is not there.
   *
   * @throws ValidationError, ForbiddenError for a global role by a tenant's caller, RoleInUseError
   */
  deleteRole(id: string, audit?: AuditContext): Promise<boolean>;

  /** One role; null for one that is not there, or that the caller may not see. @throws ValidationError */
  getRole(id: string): Promise<Role | null>;

  /**
   * The roles that can be assigned at a tenant: its own, those of tenants above and the global ones; or,
   * without a tenant, all that the caller may see. Oldest first.
   *
   * @param query for a page of them; without it, all
   * @throws ValidationError, TenantNotFoundError; ResultTooLargeError for more than 10,000 without a query
   */
  listRoles(tenantId: string | null | undefined, query: PageInput): Promise<Page<Role>>;
  listRoles(tenantId?: string | null): Promise<Role[]>;

  /**
   * Gives a principal a role, for a tenant and all below it or, without one, platform-wide, in place of
   * the one that it has there. True once it has it.
   *
   * @param type what kind of principal: `user`, `service`, …
   * @param principal its id in the host application
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ForbiddenError platform-wide by a tenant's caller, RoleNotFoundError, ScopeEscalationError
   */
  assignRole(
    type: string,
    principal: string,
    roleId: string,
    tenantId?: string | null,
    audit?: AuditContext,
  ): Promise<boolean>;

  /**
   * Takes the role away that a principal has for a tenant or, without one, platform-wide; roles that it
   * has at other tenants stay. False where it has none there.
   *
   * @throws ValidationError, TenantNotFoundError, ForbiddenError platform-wide by a tenant's caller
   */
  removeRole(
    type: string,
    principal: string,
    tenantId?: string | null,
    audit?: AuditContext,
  ): Promise<boolean>;

  /**
   * The scopes of a principal at a tenant: of the roles that it was given there, at tenants above and
   * platform-wide; without a tenant, of the platform-wide one alone. Bundles are named and expanded;
   * empty for a principal without roles.
   *
   * @throws ValidationError, TenantNotFoundError, ForbiddenError without a tenant by a tenant's caller
   */
  resolvePrincipalScopes(
    type: string,
    principal: string,
    tenantId?: string | null,
    options?: ReadOptions,
  ): Promise<readonly string[]>;
}

/** How each method of {@link RolesApi} travels, and what it asks of its caller. */
export const ROLES_API = {
  createRole: {
    effect: "mutator",
    http: "POST /roles",
    status: 201,
    args: [body()],
    scope: "roles:write",
    escalations: [
      { when: ([input]) => member(input, "tenant_id") == null, scope: "platform:admin" },
    ],
  },
  updateRole: {
    effect: "mutator",
    http: "PATCH /roles/{id}",
    status: 200,
    args: [path("id"), body()],
    scope: "roles:write",
    absent: "ROLE_NOT_FOUND",
  },
  deleteRole: {
    effect: "mutator",
    http: "DELETE /roles/{id}",
    status: 204,
    args: [path("id")],
    scope: "roles:write",
    absent: "ROLE_NOT_FOUND",
  },
  getRole: {
    effect: "reader",
    http: "GET /roles/{id}",
    status: 200,
    args: [path("id")],
    scope: "roles:read",
    absent: "ROLE_NOT_FOUND",
  },
  listRoles: {
    effect: "reader",
    http: "GET /roles",
    status: 200,
    args: [query("tenant_id"), queries()],
    scope: "roles:read",
    list: "either",
  },
  assignRole: {
    effect: "mutator",
    http: "POST /role-assignments",
    status: 200,
    args: [field("principal_type"), field("principal_id"), field("role_id"), field("tenant_id")],
    scope: "roles:write",
    escalations: [{ when: ([, , , tenantId]) => tenantId == null, scope: "platform:admin" }],
    wrap: "assigned",
  },
  removeRole: {
    effect: "mutator",
    http: "POST /role-assignments/remove",
    status: 200,
    args: [field("principal_type"), field("principal_id"), field("tenant_id")],
    scope: "roles:write",
    escalations: [{ when: ([, , tenantId]) => tenantId == null, scope: "platform:admin" }],
    wrap: "removed",
  },
  resolvePrincipalScopes: {
    effect: "reader",
    http: "GET /role-assignments/scopes",
    status: 200,
    args: [query("principal_type"), query("principal_id"), query("tenant_id"), queries()],
    scope: "roles:read",
    wrap: "scopes",
  },
} as const satisfies Record<keyof RolesApi, ApiMethod>;
