/** Characters of a configuration key. */
export const CONFIG_KEY_MAX_LENGTH = 255;

/** Entries of one `batchSetConfig` call, and keys of `createTenant({ config })`. */
export const BATCH_CONFIG_MAX_ENTRIES = 1000;

/** Children of one `batchComputeDrift` call. */
export const BATCH_DRIFT_MAX_CHILDREN = 1000;
