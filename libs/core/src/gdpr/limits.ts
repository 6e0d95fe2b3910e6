/** The version of the format of exports: it changes where a program that reads them has to. */
export const EXPORT_FORMAT_VERSION = 1;

/** Bytes of rows that `exportTenantData` returns at most: 64 MiB; beyond, `exportTenantStream` does. */
export const EXPORT_OBJECT_MAX_BYTES = 67_108_864;

/** Rows that one step of a purge deletes at most. */
export const PURGE_BATCH_ROWS = 2000;

/** Tenants that one step of a purge takes away at most. */
export const PURGE_BATCH_TENANTS = 100;

/** Tables in schemas of tenants that one step of a purge drops, or else one schema: each takes locks. */
export const PURGE_BATCH_TABLES = 200;

/** Tenants' databases that one step of a purge drops at most. */
export const PURGE_BATCH_DATABASES = 3;
