/** Milliseconds that a dry run waits for a lock held by another call. */
export const DRY_RUN_LOCK_WAIT_MS = 2000;

/** Changes, and events, that a plan lists at most; beyond, it counts them. */
export const DRY_RUN_CHANGES_LISTED = 1000;

/** Tenants that a plan names at most; beyond, it counts them. */
export const DRY_RUN_TENANTS_LISTED = 100;
