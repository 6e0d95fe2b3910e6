/** Characters of a consent's `subject_id` and `purpose`. */
export const CONSENT_FIELD_MAX_LENGTH = 255;

/** Milliseconds between two looks of a process for consents that have expired, to put that on record. */
export const CONSENT_EXPIRY_POLL_MS = 60_000;
