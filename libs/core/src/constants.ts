/** Every public limit of Stratum, named once. Docs are tested against these values. */

/** Levels of a tree: a root has depth 0, the deepest tenant depth 19. */
export const MAX_TREE_LEVELS = 20;
/** The greatest `depth` a tenant can have. */
export const MAX_TREE_DEPTH = MAX_TREE_LEVELS - 1;

/** Characters of a tenant's name. */
export const TENANT_NAME_MAX_LENGTH = 255;
/** Characters of a tenant's slug. */
export const TENANT_SLUG_MAX_LENGTH = 63;
/** Characters of a tenant's `external_id`. */
export const EXTERNAL_ID_MAX_LENGTH = 255;
/** Characters of the reason of a suspension. */
export const REASON_MAX_LENGTH = 1000;
/** Items of one `batchCreateTenants` call. */
export const BATCH_CREATE_MAX_ITEMS = 1000;

/** Characters of a configuration key. */
export const CONFIG_KEY_MAX_LENGTH = 255;
/** Bytes of a value, of metadata, or of a policy's conditions, as UTF-8 JSON without spaces. */
export const JSON_MAX_BYTES = 65_536;
/** Nesting levels of a JSON value; deeper ones exhaust parsers' stacks. */
export const JSON_MAX_DEPTH = 100;
/** Tables that one `batchCreateTenants` call creates at most, in schemas of tenants: each takes locks. */
export const BATCH_CREATE_MAX_TABLES = 200;
/** Entries of one `batchSetConfig` call, and keys of `createTenant({ config })`. */
export const BATCH_CONFIG_MAX_ENTRIES = 1000;
/** Children of one `batchComputeDrift` call. */
export const BATCH_DRIFT_MAX_CHILDREN = 1000;

/** Characters of an ABAC policy's name. */
export const ABAC_POLICY_NAME_MAX_LENGTH = 255;
/** Characters of an ABAC policy's `resource_type` and `action`, and of the action of a request. */
export const ABAC_PATTERN_MAX_LENGTH = 255;
/** Characters of the attribute of an ABAC condition, dots included. */
export const ABAC_ATTRIBUTE_MAX_LENGTH = 255;
/** Conditions of one ABAC policy. */
export const ABAC_CONDITIONS_MAX = 50;

/** Characters of `metric` and `idempotency_key`. */
export const USAGE_FIELD_MAX_LENGTH = 255;
/** The greatest quantity of one usage event. */
export const USAGE_QUANTITY_MAX = 1e15;

/** Characters of a consent's `subject_id` and `purpose`. */
export const CONSENT_FIELD_MAX_LENGTH = 255;
/** Milliseconds between two looks of a process for consents that have expired, to put that on record. */
export const CONSENT_EXPIRY_POLL_MS = 60_000;

/** The version of the format of exports: it changes where a program that reads them has to. */
export const EXPORT_FORMAT_VERSION = 1;
/** Bytes of rows that `exportTenantData` returns at most: 64 MiB; beyond, `exportTenantStream` does. */
export const EXPORT_OBJECT_MAX_BYTES = 67_108_864;

/** Characters of a region's `display_name`. */
export const REGION_NAME_MAX_LENGTH = 255;
/** Characters of a region's `control_plane_url` and `database_url`. */
export const REGION_URL_MAX_LENGTH = 2048;

/** Rows of a page when the caller names no limit. */
export const DEFAULT_PAGE_SIZE = 50;
/** Rows of a page at most. */
export const MAX_PAGE_SIZE = 1000;
/** Rows that an unpaginated list returns at most before it answers RESULT_TOO_LARGE. */
export const MAX_UNPAGED_RESULTS = 10_000;
/** Ids that one event lists; above, it carries their count alone. */
export const MAX_EVENT_TENANT_IDS = 1000;

/** Milliseconds that an operation waits for a lock held by another one. */
export const LOCK_WAIT_MS = 5000;
/** Milliseconds for which a process may answer from its cache without having read the change feed. */
export const FEED_MAX_AGE_MS = 500;
/** Milliseconds of silence after which a process forgets its cache rather than catch up. */
export const FEED_RESET_AGE_MS = 60_000;
/** Tenants whose resolved configuration one process keeps, when `cacheSize` is not given. */
export const DEFAULT_CACHE_SIZE = 10_000;

/** Rows that one step of a purge deletes at most. */
export const PURGE_BATCH_ROWS = 2000;
/** Tenants that one step of a purge takes away at most. */
export const PURGE_BATCH_TENANTS = 100;
/** Tables in schemas of tenants that one step of a purge drops, or else one schema: each takes locks. */
export const PURGE_BATCH_TABLES = 200;
/** Placements at most that `refreshReferenceTables` names, of those that it failed in. */
export const REFRESH_FAILURES_LISTED = 100;

/** Milliseconds between two signs of life of an operation that streams to its caller. */
export const OPERATION_HEARTBEAT_MS = 5000;
/** Milliseconds without a sign of life after which an operation counts as abandoned. */
export const OPERATION_STALE_MS = 30_000;
/** Milliseconds between two looks of a process for abandoned operations. */
export const OPERATION_POLL_MS = 15_000;
/** Times that an operation is taken up without getting on before it counts as failed. */
export const OPERATION_ATTEMPTS_MAX = 10;

/** Characters of a scope, `resource:action`. */
export const SCOPE_MAX_LENGTH = 100;
/** Scopes of one key, role or actor. */
export const SCOPES_MAX = 100;

/** Characters of an API key's name. */
export const API_KEY_NAME_MAX_LENGTH = 255;
/** Bytes of a pepper for API keys, at least: as many as its HMAC has. */
export const API_KEY_PEPPER_MIN_BYTES = 32;
/** Days without use after which an API key counts as dormant, when the caller names none. */
export const API_KEY_DORMANT_DAYS = 90;
/** Milliseconds for which a rotated API key goes on working at most: 30 days. */
export const API_KEY_OVERLAP_MAX_MS = 2_592_000_000;
/** Milliseconds between two updates of a key's `last_used_at`, at least. */
export const LAST_USED_INTERVAL_MS = 60_000;
/** Milliseconds of a rate limit's window at most: a day. */
export const RATE_LIMIT_WINDOW_MAX_MS = 86_400_000;
/** Characters of a role's name. */
export const ROLE_NAME_MAX_LENGTH = 100;
/** Characters of a role's description. */
export const ROLE_DESCRIPTION_MAX_LENGTH = 1000;
/** Characters of a principal's id. */
export const PRINCIPAL_ID_MAX_LENGTH = 255;

/** Characters of `actor_id`, `request_id`, `action`, `resource_type` and `resource_id`. */
export const AUDIT_FIELD_MAX_LENGTH = 255;
/** Characters of `source_ip`: an IPv6 address with its zone. */
export const SOURCE_IP_MAX_LENGTH = 64;
/** Audit rows that one statement of retention or purge takes away, and tenants whose rows it does, at most. */
export const AUDIT_ERASE_MAX_ROWS = 10_000;
/** Days for which events are kept, when the caller and the configuration name none. */
export const EVENT_RETENTION_DAYS = 90;
/** Days for which audit rows are kept, when the configuration names none. */
export const AUDIT_RETENTION_DAYS = 400;
/** Days of a retention at most: a hundred years. */
export const RETENTION_MAX_DAYS = 36_500;
/** Records that one transaction of retention deletes at most. */
export const RETENTION_BATCH_ROWS = 5000;
/** Tenants that one transaction of retention is about at most. */
export const RETENTION_BATCH_TENANTS = 500;
/** Milliseconds of the window in which refusals are counted. */
export const REFUSAL_WINDOW_MS = 60_000;
/** Refusals of one actor, key or address that are recorded in a window; later ones are counted alone. */
export const REFUSALS_PER_SOURCE = 10;
/** Refusals that one process records in a window, of whomever. */
export const REFUSALS_PER_PROCESS = 600;
/** Actors, keys and addresses whose refusals one process counts apart. */
export const REFUSAL_SOURCES_REMEMBERED = 10_000;
/** Refusals that wait to be written in one process; further ones are counted alone. */
export const REFUSALS_WAITING_MAX = 1000;

/** Encryptions under one data key at most, after which the tenant gets another: NIST SP 800-38D, 8.3. */
export const DATA_KEY_MAX_USES = 4_294_967_295;
/** Characters of a master key, or of its id, as an argument. */
export const MASTER_KEY_TEXT_MAX_LENGTH = 2048;

/** Milliseconds beyond its transaction's start that a signed tenant context may expire at most. */
export const CONTEXT_MAX_LIFETIME_MS = 60_000;
/** Milliseconds for which a context is signed: half of that, so that clocks may differ by the rest. */
export const CONTEXT_LIFETIME_MS = 30_000;
/** Statements of tenants that one connection keeps prepared; then the one that was not used for longest goes. */
export const PREPARED_STATEMENTS_MAX = 500;
/** Milliseconds for which a process signs contexts at most without a look at the current key, and at the tenant. */
export const CONTEXT_KEY_MAX_AGE_MS = 10_000;
/** Seconds for which a replaced signing key verifies still, when `rotateContextKey` names none. */
export const CONTEXT_KEY_OVERLAP_SECONDS = 60;
/** The fewest of them: for as long as the old one may sign and what it signed is valid, and five to spare. */
export const CONTEXT_KEY_OVERLAP_MIN_SECONDS =
  (CONTEXT_KEY_MAX_AGE_MS + CONTEXT_LIFETIME_MS) / 1000 + 5;
/** The most: the process that rotates waits for as long. */
export const CONTEXT_KEY_OVERLAP_MAX_SECONDS = 3600;
/** Tenants at most that a rotation of the signing key names, of those whose databases it did not reach. */
export const CONTEXT_KEY_UNREACHED_LISTED = 100;
/** Tenants with rows elsewhere that SCOPE_INCOMPLETE names at most, beside their count. */
export const SCOPE_INCOMPLETE_NAMED_MAX = 20;
/** Tenants that `forEachTenant` works for at a time, at most. */
export const TENANT_WALK_MAX_CONCURRENCY = 100;
/** Failures that `forEachTenant` names at most; further ones are counted alone. */
export const TENANT_WALK_FAILURES_MAX = 100;
/** Tenants that `forEachTenant` reads at a time. */
export const TENANT_WALK_PAGE = 100;

/** Connections that one process has to tenants' databases, when `connectionBudget` is not given. */
export const DEFAULT_CONNECTION_BUDGET = 20;
/** Milliseconds that a request waits for one of these connections. */
export const CONNECTION_BUDGET_WAIT_MS = 5000;
/** Milliseconds after which a connection to a tenant's database that nobody uses is closed. */
export const DATABASE_IDLE_MS = 10_000;
/** Tenants' databases that one step of a purge drops at most. */
export const PURGE_BATCH_DATABASES = 3;
/** Verified JWTs that a process remembers. */
export const VERIFIED_TOKENS_MAX = 5000;
/** How long it does at most, so that a key which the identity provider withdraws counts no longer than that. */
export const VERIFIED_TOKEN_MAX_AGE_MS = 60_000;
