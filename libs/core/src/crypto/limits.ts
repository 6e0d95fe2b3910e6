/** Encryptions under one data key at most, after which the tenant gets another: NIST SP 800-38D, 8.3. */
export const DATA_KEY_MAX_USES = 4_294_967_295;

/** Characters of a master key, or of its id, as an argument. */
export const MASTER_KEY_TEXT_MAX_LENGTH = 2048;
