/** Milliseconds between two signs of life of an operation that streams to its caller. */
export const OPERATION_HEARTBEAT_MS = 5000;

/** Milliseconds without a sign of life after which an operation counts as abandoned. */
export const OPERATION_STALE_MS = 30_000;

/** Milliseconds between two looks of a process for abandoned operations. */
export const OPERATION_POLL_MS = 15_000;

/** Times that an operation is taken up without getting on before it counts as failed. */
export const OPERATION_ATTEMPTS_MAX = 10;
