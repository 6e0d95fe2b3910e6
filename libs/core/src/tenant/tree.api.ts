import type { AuditContext } from "../audit/audit.schemas";
import type { ListDescendantsInput, Page, VersionedInput } from "./tenant-inputs.schemas";
import type { Tenant } from "./tenant.schemas";
import { body, field, path, queries, query, type ApiMethod } from "../api/api-method";

/** The tree of tenants: what is above and below one, and where it stands. */
export interface TenantTreeApi {
  /**
   * The tenants above, root first; empty for a root. Archived ones are among them.
   *
   * @throws TenantNotFoundError
   */
  getAncestors(id: string): Promise<Tenant[]>;

  /**
   * The root of the tenant's tree: itself, when it is one. A caller bound to a tenant gets that one.
   *
   * @throws TenantNotFoundError
   */
  getRoot(id: string): Promise<Tenant>;

  /**
   * The tenants directly below, in their order.
   *
   * @throws TenantNotFoundError; ResultTooLargeError for more than 10,000
   */
  getChildren(id: string, includeArchived?: boolean): Promise<Tenant[]>;

  /**
   * The tenants below, depth first.
   *
   * @throws TenantNotFoundError; ResultTooLargeError for more than 10,000
   */
  getDescendants(id: string, includeArchived?: boolean): Promise<Tenant[]>;

  /**
   * One page of the tenants below, depth first. Each tenant that stays where it is from the first page
   * to the last appears on exactly one.
   *
   * @throws TenantNotFoundError, ValidationError
   */
  listDescendants(id: string, query?: ListDescendantsInput): Promise<Page<Tenant>>;

  /**
   * Moves a tenant with everything below it under another parent, as its last child; `null` makes it a
   * root. What is configured above from then on is inherited from the new place. The number of
   * statements does not grow with the subtree. Moving to where it already is changes nothing.
   *
   * @throws TenantNotFoundError for either, TenantSuspendedError or TenantArchivedError for either,
   *   VersionConflictError, TenantCycleDetectedError, TenantDepthExceededError, TenantAlreadyExistsError
   *   for an external id that the new tree has, TenantLimitExceededError, TenantOnLegalHoldError where a
   *   tenant that would be above no more is on hold, TenantTreeBusyError
   */
  moveTenant(
    id: string,
    newParentId: string | null,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant>;

  /**
   * Puts a tenant at a position among its siblings, counted from 0, archived ones not counted; beyond
   * the last means last.
   *
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, VersionConflictError,
   *   TenantTreeBusyError
   */
  reorderTenant(
    id: string,
    position: number,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant>;
}

/** How each method of {@link TenantTreeApi} travels, and what it asks of its caller. */
export const TENANT_TREE_API = {
  getAncestors: {
    effect: "reader",
    http: "GET /tenants/{id}/ancestors",
    status: 200,
    args: [path("id")],
    scope: "tenants:read",
    list: "array",
  },
  getRoot: {
    effect: "reader",
    http: "GET /tenants/{id}/root",
    status: 200,
    args: [path("id")],
    scope: "tenants:read",
  },
  getChildren: {
    effect: "reader",
    http: "GET /tenants/{id}/children",
    status: 200,
    args: [path("id"), query("include_archived")],
    scope: "tenants:read",
    list: "array",
  },
  getDescendants: {
    effect: "reader",
    http: "GET /tenants/{id}/descendants/all",
    status: 200,
    args: [path("id"), query("include_archived")],
    scope: "tenants:read",
    list: "array",
  },
  listDescendants: {
    effect: "reader",
    http: "GET /tenants/{id}/descendants",
    status: 200,
    args: [path("id"), queries()],
    scope: "tenants:read",
    list: "page",
  },
  moveTenant: {
    effect: "mutator",
    http: "POST /tenants/{id}/move",
    status: 200,
    args: [path("id"), field("parent_id"), body()],
    scope: "tenants:write",
  },
  reorderTenant: {
    effect: "mutator",
    http: "POST /tenants/{id}/reorder",
    status: 200,
    args: [path("id"), field("position"), body()],
    scope: "tenants:write",
  },
} as const satisfies Record<keyof TenantTreeApi, ApiMethod>;
