import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const AUDIT_ERRORS = {
  AUDIT_ENTRY_NOT_FOUND: {
    status: 404,
    summary: "No audit entry has this id.",
    remedy: "Check the id.",
    details: ["id"],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const AUDIT_SCOPES = ["audit:read", "audit:write"] as const;
