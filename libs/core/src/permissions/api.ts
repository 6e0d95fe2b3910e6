import type { AuditContext } from "../audit/audit.schemas";
import type {
  BanPermissionInput,
  CreatePermissionInput,
  DeletePermissionInput,
  PermissionBan,
  PermissionPolicy,
  UpdatePermissionInput,
} from "./permission.schemas";
import type { Page, PageInput } from "../tenant/tenant-inputs.schemas";
import type { PermissionExplanation, ResolvedPermissions } from "./permission-fold";
import type { ReadOptions } from "../platform/read-options";
import { body, member, path, queries, query, type ApiMethod } from "../api/api-method";

/** Permissions that are delegated down the tree, and revoked. */
export interface PermissionsApi {
  /**
   * The tenant's policies in effect by key. The nearest one wins, until one is LOCKED; a key banned at
   * the tenant or above is absent. The result is frozen and may be shared: copy it to change it.
   *
   * @param options `{ consistency: "strong" }` reads from the database; otherwise a change made through
   *   another process may take up to a second to show
   * @throws TenantNotFoundError
   */
  resolvePermissions(id: string, options?: ReadOptions): Promise<ResolvedPermissions>;

  /**
   * Whether the policy in effect for the key has the value `true`. Another value, no policy and a ban
   * are all `false`.
   *
   * @throws TenantNotFoundError, ValidationError
   */
  checkPermission(id: string, key: string, options?: ReadOptions): Promise<boolean>;

  /**
   * Why a key is granted, or not: every policy of it from the root to the tenant, which of them is in
   * effect, and where it is banned. Always read from the database.
   *
   * @throws TenantNotFoundError, ValidationError
   */
  explainPermission(id: string, key: string): Promise<PermissionExplanation>;

  /**
   * One page of the keys that the tenant itself bans, sorted. That a tenant above bans a key is told by
   * {@link explainPermission}.
   *
   * @throws TenantNotFoundError, ValidationError
   */
  listPermissionBans(id: string, query?: PageInput): Promise<Page<PermissionBan>>;

  /**
   * Gives the tenant a policy for a key, which it and the tenants below inherit.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionBannedError, PermissionLockedError, PermissionNotDelegatedError,
   *   PermissionAlreadyExistsError, TenantTreeBusyError
   */
  createPermission(
    id: string,
    input: CreatePermissionInput,
    audit?: AuditContext,
  ): Promise<PermissionPolicy>;

  /**
   * Changes the fields given. The policy as it is to be must be one that the tenant could create now.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionNotFoundError, PermissionBannedError, PermissionLockedError,
   *   PermissionNotDelegatedError, PermissionRevocationDeniedError for a PERMANENT policy without
   *   `force`, ForbiddenError for `force` by a tenant, VersionConflictError, TenantTreeBusyError
   */
  updatePermission(
    id: string,
    policyId: string,
    input: UpdatePermissionInput,
    audit?: AuditContext,
  ): Promise<PermissionPolicy>;

  /**
   * Deletes the tenant's policy: with revocation_mode CASCADE also every policy of the key below, save
   * for PERMANENT ones; with SOFT, or PERMANENT and `force`, that policy alone.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionNotFoundError, PermissionLockedError, PermissionRevocationDeniedError for a PERMANENT
   *   policy without `force`, ForbiddenError for `force` by a tenant, VersionConflictError,
   *   TenantTreeBusyError
   */
  deletePermission(
    id: string,
    policyId: string,
    options?: DeletePermissionInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void>;

  /**
   * Deletes the key's policies at the tenant and below, and lets none be created there: the key
   * resolves as absent, whatever tenants above grant, until {@link liftPermissionBan}. A ban that is
   * there already is returned as it is.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionLockedError for a caller below the tenant that locks the key,
   *   PermissionRevocationDeniedError for a PERMANENT policy at the tenant or below without `force`,
   *   ForbiddenError for `force` by a tenant, TenantTreeBusyError
   */
  banPermission(
    id: string,
    key: string,
    options?: BanPermissionInput | AuditContext,
    audit?: AuditContext,
  ): Promise<PermissionBan>;

  /**
   * Lets a key be granted again at the tenant. Policies that the ban deleted do not come back.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   PermissionNotFoundError where the tenant itself does not ban the key, ForbiddenError where a level
   *   above the caller's made the ban, TenantTreeBusyError
   */
  liftPermissionBan(id: string, key: string, audit?: AuditContext): Promise<void>;
}

/** How each method of {@link PermissionsApi} travels, and what it asks of its caller. */
export const PERMISSIONS_API = {
  resolvePermissions: {
    effect: "reader",
    http: "GET /tenants/{id}/permissions",
    status: 200,
    args: [path("id"), queries()],
    scope: "permissions:read",
  },
  checkPermission: {
    effect: "reader",
    http: "GET /tenants/{id}/permissions/check",
    status: 200,
    args: [path("id"), query("key"), queries()],
    scope: "permissions:read",
    wrap: "allowed",
  },
  explainPermission: {
    effect: "reader",
    http: "GET /tenants/{id}/permissions/explain",
    status: 200,
    args: [path("id"), query("key")],
    scope: "permissions:read",
  },
  listPermissionBans: {
    effect: "reader",
    http: "GET /tenants/{id}/permissions/bans",
    status: 200,
    args: [path("id"), queries()],
    scope: "permissions:read",
    list: "page",
  },
  createPermission: {
    effect: "mutator",
    http: "POST /tenants/{id}/permissions",
    status: 201,
    args: [path("id"), body()],
    scope: "permissions:write",
  },
  updatePermission: {
    effect: "mutator",
    http: "PATCH /tenants/{id}/permissions/{policy_id}",
    status: 200,
    args: [path("id"), path("policy_id"), body()],
    scope: "permissions:write",
  },
  deletePermission: {
    effect: "mutator",
    http: "DELETE /tenants/{id}/permissions/{policy_id}",
    status: 204,
    args: [path("id"), path("policy_id"), queries()],
    scope: "permissions:write",
    escalations: [
      { when: ([, , options]) => member(options, "force") === true, scope: "platform:admin" },
    ],
  },
  banPermission: {
    effect: "mutator",
    http: "PUT /tenants/{id}/permissions/bans/{key}",
    status: 200,
    args: [path("id"), path("key"), body()],
    scope: "permissions:write",
    escalations: [
      { when: ([, , options]) => member(options, "force") === true, scope: "platform:admin" },
    ],
  },
  liftPermissionBan: {
    effect: "mutator",
    http: "DELETE /tenants/{id}/permissions/bans/{key}",
    status: 204,
    args: [path("id"), path("key")],
    scope: "permissions:write",
  },
} as const satisfies Record<keyof PermissionsApi, ApiMethod>;
