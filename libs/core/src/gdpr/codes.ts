import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const GDPR_ERRORS = {
  PURGE_CERTIFICATE_NOT_FOUND: {
    status: 404,
    summary: "No purge of this id is done, or the caller cannot see its certificate.",
    remedy: "Pass the certificate's id, or that of a tenant that was purged.",
    details: ["id"],
  },
  PURGE_BLOCKED: {
    status: 409,
    summary: "Something of the application's keeps rows of the tenant from being deleted.",
    remedy:
      "Change what `details.obstacles` names: let stratum_maintenance delete the rows. Then purge again, or resume the operation.",
    details: ["obstacles"],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const GDPR_SCOPES = ["gdpr:export", "gdpr:purge"] as const;
