import type { AbacDecision } from "./evaluate";
import type {
  AbacPolicy,
  AbacRequest,
  CreateAbacPolicyInput,
  DeleteAbacPolicyInput,
} from "./abac.schemas";
import type { AuditContext } from "../audit/audit.schemas";
import type { ReadOptions } from "../platform/read-options";
import type { ResolvedAbacPolicy } from "./abac-fold";
import { body, path, queries, type ApiMethod } from "../api/api-method";

/** Attribute-based policies. */
export interface AbacApi {
  /**
   * Gives the tenant a policy, which it and the tenants below inherit. One of the same resource_type,
   * action and name overrides that of a tenant above, where that lets it.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   AbacPolicyLockedError, PermissionNotDelegatedError, AbacPolicyAlreadyExistsError,
   *   TenantTreeBusyError
   */
  createAbacPolicy(
    tenantId: string,
    input: CreateAbacPolicyInput,
    audit?: AuditContext,
  ): Promise<AbacPolicy>;

  /**
   * The tenant's own policies, the highest priority first.
   *
   * @throws TenantNotFoundError; ResultTooLargeError for more than 10,000
   */
  getAbacPolicies(tenantId: string): Promise<AbacPolicy[]>;

  /**
   * The policies in effect at the tenant, the highest priority first. Of those that share resource_type,
   * action and name the nearest wins, until one is LOCKED; archived ancestors take no part. The result
   * is frozen and may be shared: copy it to change it.
   *
   * @param options `{ consistency: "strong" }` reads from the database; otherwise a change made through
   *   another process may take up to a second to show
   * @throws TenantNotFoundError
   */
  resolveAbacPolicies(
    tenantId: string,
    options?: ReadOptions,
  ): Promise<readonly ResolvedAbacPolicy[]>;

  /**
   * Whether the tenant's policies let a subject do something to a resource. Any deny that matches wins;
   * without one, any allow; without either, the request is denied. A policy matches where its
   * resource_type covers `resource.type`, its action covers `action`, and all its conditions hold. An
   * attribute that is missing, or that cannot be compared, makes a condition of an allow false and one
   * of a deny true.
   *
   * @param request plain objects of attributes; own properties count, no others
   * @param options as of {@link resolveAbacPolicies}
   * @throws TenantNotFoundError, ValidationError
   */
  evaluateAbac(
    tenantId: string,
    request: AbacRequest,
    options?: ReadOptions,
  ): Promise<AbacDecision>;

  /**
   * Deletes the tenant's policy, and those of the same resource_type, action and name below.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   AbacPolicyNotFoundError, AbacPolicyLockedError, VersionConflictError, TenantTreeBusyError
   */
  deleteAbacPolicy(
    tenantId: string,
    policyId: string,
    options?: DeleteAbacPolicyInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void>;
}

/** How each method of {@link AbacApi} travels, and what it asks of its caller. */
export const ABAC_API = {
  createAbacPolicy: {
    effect: "mutator",
    http: "POST /tenants/{id}/abac-policies",
    status: 201,
    args: [path("id"), body()],
    scope: "permissions:write",
  },
  getAbacPolicies: {
    effect: "reader",
    http: "GET /tenants/{id}/abac-policies",
    status: 200,
    args: [path("id")],
    scope: "permissions:read",
    list: "array",
  },
  resolveAbacPolicies: {
    effect: "reader",
    http: "GET /tenants/{id}/abac-policies/resolved",
    status: 200,
    args: [path("id"), queries()],
    scope: "permissions:read",
    list: "array",
  },
  evaluateAbac: {
    effect: "reader",
    http: "POST /tenants/{id}/abac-policies/evaluate",
    status: 200,
    args: [path("id"), body(), queries()],
    scope: "permissions:read",
  },
  deleteAbacPolicy: {
    effect: "mutator",
    http: "DELETE /tenants/{id}/abac-policies/{policy_id}",
    status: 204,
    args: [path("id"), path("policy_id"), queries()],
    scope: "permissions:write",
  },
} as const satisfies Record<keyof AbacApi, ApiMethod>;
