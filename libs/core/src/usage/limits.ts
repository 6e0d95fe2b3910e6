/** Characters of `metric` and `idempotency_key`. */
export const USAGE_FIELD_MAX_LENGTH = 255;

/** The greatest quantity of one usage event. */
export const USAGE_QUANTITY_MAX = 1e15;
