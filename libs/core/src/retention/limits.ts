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
