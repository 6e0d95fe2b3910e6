/** Characters of `actor_id`, `request_id`, `action`, `resource_type` and `resource_id`. */
export const AUDIT_FIELD_MAX_LENGTH = 255;

/** Characters of `source_ip`: an IPv6 address with its zone. */
export const SOURCE_IP_MAX_LENGTH = 64;

/** Audit rows that one statement of retention or purge takes away, and tenants whose rows it does, at most. */
export const AUDIT_ERASE_MAX_ROWS = 10_000;

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
