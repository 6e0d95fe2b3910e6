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

/** Tables that one `batchCreateTenants` call creates at most, in schemas of tenants: each takes locks. */
export const BATCH_CREATE_MAX_TABLES = 200;
