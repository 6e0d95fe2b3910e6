import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const OPERATIONS_ERRORS = {
  OPERATION_NOT_FOUND: {
    status: 404,
    summary: "No operation has this id, or the caller cannot see it.",
    remedy: "Check the id; `listOperations` has those that can be seen.",
    details: ["operation_id"],
  },
  OPERATION_CANCELLED: {
    status: 409,
    summary: "The operation was cancelled before it was done.",
    remedy: "Call `resumeOperation` to go on with it.",
    details: ["operation_id"],
  },
  OPERATION_INTERRUPTED: {
    status: 503,
    summary: "The process that ran the operation died, or another one has taken it over.",
    remedy: "Follow it with `getOperation`; start an export anew.",
    details: ["operation_id"],
  },
  OPERATION_IN_PROGRESS: {
    status: 409,
    summary: "Such an operation is under way already, or stands unfinished.",
    remedy: "Follow it with `getOperation`; call `resumeOperation` where it failed.",
    details: ["operation_id", "type", "tenant_id"],
  },
  INVALID_OPERATION_STATE: {
    status: 409,
    summary: "The operation cannot be cancelled, or resumed, as it is now.",
    remedy: "Read the operation's `state`; the message says what stands against it.",
    details: ["operation_id", "state", "operation"],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const OPERATIONS_SCOPES = ["operations:read", "operations:write"] as const;
