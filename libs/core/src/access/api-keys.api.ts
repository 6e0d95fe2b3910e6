import type {
  ApiKey,
  CreateApiKeyInput,
  CreatedApiKey,
  RevokeApiKeysInput,
  RotateApiKeyInput,
  ValidatedApiKey,
} from "./api-key.schemas";
import type { AuditContext } from "../audit/audit.schemas";
import type { Page, PageInput } from "../tenant/tenant-inputs.schemas";
import type { ReadOptions } from "../platform/read-options";
import { body, bodyOrText, field, path, queries, query, type ApiMethod } from "../api/api-method";

/** API keys, and the roles that they have. */
export interface ApiKeysApi {
  /**
   * Creates a key of a tenant, or (null) of the platform. The result alone has the key itself, as
   * `plaintext_key`: what is kept is an HMAC of it.
   *
   * @param nameOrOptions the key's name, or its name, scopes (default `["read"]`), role, expiry and limits
   * @param expiresAt when it ends, beside a name; never where left out
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ForbiddenError for a key of the platform by a tenant's caller, RoleNotFoundError,
   *   ScopeEscalationError for scopes that the caller lacks
   */
  createApiKey(
    tenantId: string | null,
    nameOrOptions?: string | CreateApiKeyInput | null,
    expiresAt?: Date | string | null,
    audit?: AuditContext,
  ): Promise<CreatedApiKey>;

  /**
   * Puts a new key in the place of one: same tenant, scopes, role, limits and expiry, another text and
   * id. The old one ends at once or, with `overlap_ms`, after so long.
   *
   * @param nameOrOptions the new key's name, or `{ name, overlap_ms }`; the name stays where left out
   * @throws ValidationError, ApiKeyNotFoundError, ApiKeyNotActiveError, TenantSuspendedError,
   *   TenantArchivedError, ScopeEscalationError where the key may do what the caller may not
   */
  rotateApiKey(
    id: string,
    nameOrOptions?: string | RotateApiKeyInput | null,
    audit?: AuditContext,
  ): Promise<CreatedApiKey>;

  /** One key; null for one that is not there, or that the caller may not see. @throws ValidationError */
  getApiKey(id: string): Promise<ApiKey | null>;

  /**
   * The keys of a tenant, revoked and expired ones too; or, without a tenant, all that the caller may
   * see. Oldest first.
   *
   * @param query for a page of them; without it, all
   * @throws ValidationError, TenantNotFoundError; ResultTooLargeError for more than 10,000 without a query
   */
  listApiKeys(tenantId: string | null | undefined, query: PageInput): Promise<Page<ApiKey>>;
  listApiKeys(tenantId?: string | null): Promise<ApiKey[]>;

  /**
   * Working keys that were neither made nor used within so many days, of all tenants that the caller may
   * see. `last_used_at` is right to the minute.
   *
   * @param days default 90
   * @param query for a page of them; without it, all
   * @throws ValidationError; ResultTooLargeError for more than 10,000 without a query
   */
  listDormantKeys(days: number | undefined, query: PageInput): Promise<Page<ApiKey>>;
  listDormantKeys(days?: number): Promise<ApiKey[]>;

  /**
   * Ends a key for good. False for one that is not there, or revoked already.
   *
   * @throws ValidationError
   */
  revokeApiKey(id: string, audit?: AuditContext): Promise<boolean>;

  /**
   * Ends all keys of a tenant, with `subtree` those of the tenants below it too, in one statement.
   * Returns how many there were.
   *
   * @throws ValidationError, TenantNotFoundError, TenantTreeBusyError
   */
  revokeApiKeys(
    tenantId: string,
    options?: RevokeApiKeysInput | AuditContext,
    audit?: AuditContext,
  ): Promise<number>;

  /**
   * Lets a role govern a key's scopes, in place of its own or of another role. False for a key that is
   * not there or revoked.
   *
   * @throws ValidationError, TenantSuspendedError, TenantArchivedError, RoleNotFoundError,
   *   ScopeEscalationError for scopes of the role that the caller lacks
   */
  assignRoleToKey(keyId: string, roleId: string, audit?: AuditContext): Promise<boolean>;

  /**
   * Gives a key its own scopes back. False for a key that is not there or revoked.
   *
   * @throws ValidationError, TenantSuspendedError, TenantArchivedError, ScopeEscalationError for scopes of
   *   the key's own that the caller lacks
   */
  removeRoleFromKey(keyId: string, audit?: AuditContext): Promise<boolean>;

  /**
   * The scopes in effect of a key: its role's, or its own; bundles named and expanded. Empty for a key
   * that is not there, or revoked, or whose role does not serve its tenant any more.
   *
   * @throws ValidationError
   */
  resolveKeyScopes(keyId: string): Promise<string[]>;

  /**
   * What a key stands for; null for one that is unknown, malformed, revoked or expired. The result is
   * frozen and may be shared. One query when the key was not seen lately, none when it was; a revocation,
   * a suspension above or a change of its role counts from the next call in this process, and within
   * one second in others.
   *
   * @throws TenantSuspendedError, TenantArchivedError, InvalidTenantStateError for the key of a tenant
   *   that is shut, or that is below one; ValidationError for what is no text
   */
  validateApiKey(key: string, options?: ReadOptions): Promise<ValidatedApiKey | null>;
}

/** How each method of {@link ApiKeysApi} travels, and what it asks of its caller. */
export const API_KEYS_API = {
  createApiKey: {
    effect: "mutator",
    http: "POST /api-keys",
    status: 201,
    args: [field("tenant_id"), bodyOrText("name"), field("expires_at")],
    scope: "keys:write",
    escalations: [{ when: ([tenantId]) => tenantId == null, scope: "platform:admin" }],
  },
  rotateApiKey: {
    effect: "mutator",
    http: "POST /api-keys/{id}/rotate",
    status: 201,
    args: [path("id"), bodyOrText("name")],
    scope: "keys:write",
  },
  getApiKey: {
    effect: "reader",
    http: "GET /api-keys/{id}",
    status: 200,
    args: [path("id")],
    scope: "keys:read",
    absent: "API_KEY_NOT_FOUND",
  },
  listApiKeys: {
    effect: "reader",
    http: "GET /api-keys",
    status: 200,
    args: [query("tenant_id"), queries()],
    scope: "keys:read",
    list: "either",
  },
  listDormantKeys: {
    effect: "reader",
    http: "GET /api-keys/dormant",
    status: 200,
    args: [query("days"), queries()],
    scope: "keys:read",
    list: "either",
  },
  revokeApiKey: {
    effect: "mutator",
    http: "DELETE /api-keys/{id}",
    status: 204,
    args: [path("id")],
    scope: "keys:write",
    absent: "API_KEY_NOT_FOUND",
  },
  revokeApiKeys: {
    effect: "mutator",
    http: "POST /api-keys/revoke",
    status: 200,
    args: [field("tenant_id"), body()],
    scope: "keys:write",
    wrap: "revoked",
  },
  assignRoleToKey: {
    effect: "mutator",
    http: "POST /roles/assign/{key_id}",
    status: 200,
    args: [path("key_id"), field("role_id")],
    scope: "keys:write",
    wrap: "assigned",
  },
  removeRoleFromKey: {
    effect: "mutator",
    http: "DELETE /roles/assign/{key_id}",
    status: 200,
    args: [path("key_id")],
    scope: "keys:write",
    wrap: "removed",
  },
  resolveKeyScopes: {
    effect: "reader",
    http: "GET /api-keys/{id}/scopes",
    status: 200,
    args: [path("id")],
    scope: "keys:read",
    wrap: "scopes",
  },
  validateApiKey: {
    effect: "reader",
    http: "POST /api-keys/validate",
    status: 200,
    args: [field("key"), queries()],
    scope: "none",
    wrap: "key",
  },
} as const satisfies Record<keyof ApiKeysApi, ApiMethod>;
