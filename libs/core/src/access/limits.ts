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

/** Verified JWTs that a process remembers. */
export const VERIFIED_TOKENS_MAX = 5000;

/** Milliseconds for which a verified JWT is remembered at most: a key that the identity provider withdraws counts no longer than that. */
export const VERIFIED_TOKEN_MAX_AGE_MS = 60_000;
