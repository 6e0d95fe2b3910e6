import type { AuditContext } from "../audit/audit.schemas";
import type {
  BatchCreateResult,
  BatchTenantInput,
  CreateTenantInput,
  ListTenantsInput,
  Page,
  TenantStatusInput,
  UpdateTenantInput,
} from "./tenant-inputs.schemas";
import type { Tenant } from "./tenant.schemas";
import { body, field, path, queries, query, type ApiMethod } from "../api/api-method";

/** Tenants: created, found, changed, shut and opened again. */
export interface TenancyApi {
  /**
   * Creates a tenant under `parent_id`, or a root without one. A slug left out is derived from the
   * name, with `_2`, `_3` … where it is taken; `config` is set in the same transaction.
   *
   * @throws ValidationError, TenantNotFoundError for the parent, TenantSuspendedError or
   *   TenantArchivedError for its state, TenantAlreadyExistsError, TenantDepthExceededError,
   *   TenantLimitExceededError (`stratum.max_descendants` of a tenant above), ConfigLockedError for a key
   *   of `config`, TenantTreeBusyError, MasterKeyUnavailableError for a key that is sensitive above,
   *   IsolationNotAllowedError (`stratum.allowed_isolation`), StoragePrivilegeMissingError; and, where the
   *   tenant stays `provisioning`, what {@link ProvisioningService.provisionTenant} throws
   */
  createTenant(input: CreateTenantInput, audit?: AuditContext): Promise<Tenant>;

  /** Creates a root: {@link createTenant} without a parent, under the name that B2B products use. */
  createOrganization(
    input: Omit<CreateTenantInput, "parent_id">,
    audit?: AuditContext,
  ): Promise<Tenant>;

  /**
   * Creates up to 1,000 tenants, all or none, in a number of statements that does not grow with them.
   * A parent may be an earlier item (`parent_index`). Where any item is refused, nothing is created
   * and `errors` names every refused one. One whose database could not be made is `provisioning` still, and
   * its operation says why.
   *
   * @throws ValidationError when `inputs` is no list of 1 to 1,000 items; TenantLimitExceededError
   */
  batchCreateTenants(
    inputs: readonly BatchTenantInput[],
    audit?: AuditContext,
  ): Promise<BatchCreateResult<Tenant>>;

  /**
   * The tenant of an id.
   *
   * @param includeArchived whether an archived one is returned too
   * @throws TenantNotFoundError, TenantArchivedError
   */
  getTenant(id: string, includeArchived?: boolean): Promise<Tenant>;

  /**
   * The tenant of a slug.
   *
   * @throws TenantNotFoundError, TenantArchivedError
   */
  getTenantBySlug(slug: string, includeArchived?: boolean): Promise<Tenant>;

  /**
   * The tenant of an external id, which is unique within a tree.
   *
   * @param treeOf the id of any tenant of that tree, its root for example
   * @throws TenantNotFoundError, TenantArchivedError
   */
  getTenantByExternalId(
    treeOf: string,
    externalId: string,
    includeArchived?: boolean,
  ): Promise<Tenant>;

  /**
   * A root, which products call an organization.
   *
   * @throws TenantNotFoundError also when the tenant is no root; TenantArchivedError
   */
  getOrganization(id: string, includeArchived?: boolean): Promise<Tenant>;

  /**
   * Changes the fields given. A renamed slug changes no path and no descendant. `legal_hold` alone may be
   * changed of a tenant that is suspended or archived too, by callers above it; a hold is lifted by the
   * level that laid it on or one above.
   *
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, VersionConflictError,
   *   TenantAlreadyExistsError for the slug or the external id, ForbiddenError for a hold of a level above
   */
  updateTenant(id: string, patch: UpdateTenantInput, audit?: AuditContext): Promise<Tenant>;

  /**
   * One page of tenants, oldest first. Filters combine with AND; archived ones only with
   * `include_archived` or `status: "archived"`.
   *
   * @throws ValidationError
   */
  listTenants(query?: ListTenantsInput): Promise<Page<Tenant>>;

  /**
   * Shuts an active tenant until it is resumed; with `subtree` every active tenant below it too.
   *
   * @throws TenantNotFoundError, InvalidTenantStateError, TenantHasChildrenError when it has active
   *   children and `subtree` is not set, VersionConflictError, TenantTreeBusyError
   */
  suspendTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant>;

  /**
   * Makes a suspended or archived tenant active again. With `subtree` it brings back exactly what was
   * shut below by the same operation.
   *
   * @throws TenantNotFoundError, InvalidTenantStateError, TenantSuspendedError or TenantArchivedError
   *   for its parent, ForbiddenError when a level above the caller shut it, VersionConflictError
   */
  resumeTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant>;

  /**
   * Archives an active or suspended tenant: it keeps its data and its slug, and comes back with
   * {@link resumeTenant}. With `subtree` everything below goes with it.
   *
   * @throws as {@link suspendTenant}
   */
  archiveTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant>;

  /**
   * The same as {@link archiveTenant}, on record as `tenant.deleted`. Nothing is erased.
   *
   * @throws as {@link suspendTenant}
   */
  deleteTenant(
    id: string,
    options?: TenantStatusInput | AuditContext,
    audit?: AuditContext,
  ): Promise<Tenant>;

  /** One page of the roots, oldest first. */
  listOrganizations(query?: Omit<ListTenantsInput, "parent_id">): Promise<Page<Tenant>>;
}

/** How each method of {@link TenancyApi} travels, and what it asks of its caller. */
export const TENANCY_API = {
  createTenant: {
    effect: "mutator",
    http: "POST /tenants",
    status: 201,
    args: [body()],
    scope: "tenants:write",
  },
  createOrganization: {
    effect: "mutator",
    http: "POST /organizations",
    status: 201,
    args: [body()],
    scope: "tenants:write",
  },
  batchCreateTenants: {
    effect: "mutator",
    http: "POST /tenants/batch",
    status: 200,
    args: [field("tenants")],
    scope: "tenants:write",
    batch: true,
  },
  getTenant: {
    effect: "reader",
    http: "GET /tenants/{id}",
    status: 200,
    args: [path("id"), query("include_archived")],
    scope: "tenants:read",
  },
  getTenantBySlug: {
    effect: "reader",
    http: "GET /tenants/by-slug/{slug}",
    status: 200,
    args: [path("slug"), query("include_archived")],
    scope: "tenants:read",
  },
  getTenantByExternalId: {
    effect: "reader",
    http: "GET /tenants/by-external-id",
    status: 200,
    args: [query("under"), query("external_id"), query("include_archived")],
    scope: "tenants:read",
  },
  getOrganization: {
    effect: "reader",
    http: "GET /organizations/{id}",
    status: 200,
    args: [path("id"), query("include_archived")],
    scope: "tenants:read",
  },
  updateTenant: {
    effect: "mutator",
    http: "PATCH /tenants/{id}",
    status: 200,
    args: [path("id"), body()],
    scope: "tenants:write",
  },
  listTenants: {
    effect: "reader",
    http: "GET /tenants",
    status: 200,
    args: [queries()],
    scope: "tenants:read",
    list: "page",
  },
  suspendTenant: {
    effect: "mutator",
    http: "POST /tenants/{id}/suspend",
    status: 200,
    args: [path("id"), body()],
    scope: "tenants:write",
  },
  resumeTenant: {
    effect: "mutator",
    http: "POST /tenants/{id}/resume",
    status: 200,
    args: [path("id"), body()],
    scope: "tenants:write",
  },
  archiveTenant: {
    effect: "mutator",
    http: "POST /tenants/{id}/archive",
    status: 200,
    args: [path("id"), body()],
    scope: "tenants:write",
  },
  deleteTenant: {
    effect: "mutator",
    http: "DELETE /tenants/{id}",
    status: 200,
    args: [path("id"), queries()],
    scope: "tenants:write",
  },
  listOrganizations: {
    effect: "reader",
    http: "GET /organizations",
    status: 200,
    args: [queries()],
    scope: "tenants:read",
    list: "page",
  },
} as const satisfies Record<keyof TenancyApi, ApiMethod>;
