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
