import type { AuditContext } from "../audit/audit.schemas";
import type {
  BatchConfigEntryInput,
  BatchSetConfigResult,
  ConfigEntry,
  SetConfigInput,
} from "./config.schemas";
import type { BatchDriftResult, DriftResult } from "./drift";
import type { ConfigDiff } from "./diff";
import type { ConfigInheritance, ResolvedConfig } from "./fold";
import type { ReadOptions } from "../platform/read-options";
import type { VersionedInput } from "../tenant/tenant-inputs.schemas";
import { body, field, member, path, queries, query, type ApiMethod } from "../api/api-method";

/** Configuration that flows down the tree. */
export interface ConfigApi {
  /**
   * The tenant's effective configuration by key. A key locked by a tenant above is fixed by the
   * uppermost lock; otherwise the nearest entry wins; archived ancestors take no part. Sensitive values
   * are in clear; one that does not decrypt is null, with `error`, and fails alone. The result is frozen and
   * may be shared: copy it to change it.
   *
   * @param options `{ consistency: "strong" }` reads from the database; otherwise a change made through
   *   another process may take up to a second to show
   * @throws TenantNotFoundError
   */
  resolveConfig(id: string, options?: ReadOptions): Promise<ResolvedConfig>;

  /**
   * The effective configuration, each key with its chain: every entry from the root to the tenant, and
   * which of them decides. Always read from the database.
   *
   * @throws TenantNotFoundError
   */
  getConfigWithInheritance(
    id: string,
    options?: ReadOptions,
  ): Promise<Readonly<Record<string, ConfigInheritance>>>;

  /**
   * The keys whose values differ between two tenants, or that only one has; sorted.
   *
   * @throws TenantNotFoundError for either
   */
  diffConfig(tenantA: string, tenantB: string): Promise<ConfigDiff>;

  /**
   * How a child's configuration stands to its parent's, key by key.
   *
   * @throws TenantNotFoundError for either
   */
  computeDrift(parentId: string, childId: string): Promise<DriftResult>;

  /**
   * The drift of up to 1,000 children, in their order, read in one statement.
   *
   * @throws TenantNotFoundError for any of them
   */
  batchComputeDrift(parentId: string, childIds: readonly string[]): Promise<BatchDriftResult>;

  /**
   * Sets the tenant's own entry of a key. Flags left out keep their value. Setting what is already
   * there changes nothing. A value is encrypted at rest where `sensitive` is set, or was, or is at a tenant
   * above; what was written before it was set stays on record as it was.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ConfigLockedError when a tenant above locks the key, ConfigKeyReservedError, VersionConflictError,
   *   ForbiddenError for clearing `sensitive` without config:reveal, MasterKeyUnavailableError
   */
  setConfig(
    id: string,
    key: string,
    input: SetConfigInput,
    audit?: AuditContext,
  ): Promise<ConfigEntry>;

  /**
   * Deletes the tenant's own entry; what it inherits for the key shows again. Allowed while a tenant
   * above locks the key.
   *
   * @throws ConfigNotFoundError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ConfigKeyReservedError, VersionConflictError
   */
  deleteConfig(
    id: string,
    key: string,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void>;

  /**
   * Sets up to 1,000 keys in a number of statements that does not grow with them. A bad one (locked,
   * invalid, too large, twice in the batch) fails alone; the others commit together. `results` has the
   * order of `entries`.
   *
   * @throws ValidationError when `entries` is no list of 1 to 1,000 items; TenantNotFoundError,
   *   TenantSuspendedError, TenantArchivedError
   */
  batchSetConfig(
    id: string,
    entries: readonly BatchConfigEntryInput[],
    audit?: AuditContext,
  ): Promise<BatchSetConfigResult>;
}

/** Whether an entry takes the mark of a secret off its value. */
function isCleared(input: unknown): boolean {
  return member(input, "sensitive") === false;
}

/** How each method of {@link ConfigApi} travels, and what it asks of its caller. */
export const CONFIG_API = {
  resolveConfig: {
    effect: "reader",
    http: "GET /tenants/{id}/config",
    status: 200,
    args: [path("id"), queries()],
    scope: "config:read",
  },
  getConfigWithInheritance: {
    effect: "reader",
    http: "GET /tenants/{id}/config/inheritance",
    status: 200,
    args: [path("id"), queries()],
    scope: "config:read",
  },
  diffConfig: {
    effect: "reader",
    http: "GET /config/diff",
    status: 200,
    args: [query("tenant_a"), query("tenant_b")],
    scope: "config:read",
  },
  computeDrift: {
    effect: "reader",
    http: "GET /config/drift",
    status: 200,
    args: [query("parent_id"), query("child_id")],
    scope: "config:read",
  },
  batchComputeDrift: {
    effect: "reader",
    http: "POST /config/drift",
    status: 200,
    args: [field("parent_id"), field("child_ids")],
    scope: "config:read",
  },
  setConfig: {
    effect: "mutator",
    http: "PUT /tenants/{id}/config/{key}",
    status: 200,
    args: [path("id"), path("key"), body()],
    scope: "config:write",
    escalations: [{ when: ([, , input]) => isCleared(input), scope: "config:reveal" }],
  },
  deleteConfig: {
    effect: "mutator",
    http: "DELETE /tenants/{id}/config/{key}",
    status: 204,
    args: [path("id"), path("key"), queries()],
    scope: "config:write",
  },
  batchSetConfig: {
    effect: "mutator",
    http: "POST /tenants/{id}/config/batch",
    status: 200,
    args: [path("id"), field("entries")],
    scope: "config:write",
    escalations: [
      {
        when: ([, entries]) => Array.isArray(entries) && entries.some(isCleared),
        scope: "config:reveal",
      },
    ],
    batch: true,
  },
} as const satisfies Record<keyof ConfigApi, ApiMethod>;
