/** Placements at most that `refreshReferenceTables` names, of those that it failed in. */
export const REFRESH_FAILURES_LISTED = 100;

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

/** The fewest seconds of an overlap: the old key may sign for so long, what it signed is valid for so long, and five to spare. */
export const CONTEXT_KEY_OVERLAP_MIN_SECONDS =
  (CONTEXT_KEY_MAX_AGE_MS + CONTEXT_LIFETIME_MS) / 1000 + 5;

/** The most seconds of an overlap: the process that rotates waits for as long. */
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
