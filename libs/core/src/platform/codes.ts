import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const PLATFORM_ERRORS = {
  VALIDATION_ERROR: {
    status: 400,
    summary: "An argument does not have the documented shape.",
    remedy: "Correct what `issues` lists, each with its `path` in the argument.",
    details: ["argument", "issues"],
  },
  FORBIDDEN: {
    status: 403,
    summary: "The caller may not do this to a tenant that it can see.",
    remedy: "Let the level above do it, or the platform; the message says which.",
    details: ["tenant_id", "status"],
  },
  RESULT_TOO_LARGE: {
    status: 422,
    summary: "The result is larger than one answer may be; the message names the method to use.",
    remedy: "Call the method in `use`; the message says how.",
    details: ["limit", "use"],
  },
  VERSION_CONFLICT: {
    status: 412,
    summary: "The row's version is not the expected_version that was passed.",
    remedy: "Read the row again, and retry with its version.",
    details: ["resource", "expected_version", "version"],
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    summary: "PostgreSQL cannot be reached.",
    remedy: "Check that the server runs and that the pool's settings are right.",
    details: [],
  },
  DATABASE_ERROR: {
    status: 500,
    summary: "PostgreSQL refused a statement for a reason that no other code names.",
    remedy: "Look at `cause`; if it is not of your making, report it with the server's log.",
    details: ["sqlstate"],
  },
  POOLER_UNSUPPORTED: {
    status: 500,
    summary: "A pooler, or the host, dropped prepared statements; set preparedStatements to off.",
    remedy: 'Pass `{ preparedStatements: "off" }`.',
    details: ["sqlstate"],
  },
  TRANSACTION_CONFLICT: {
    status: 503,
    summary: "The transaction lost against concurrent ones on every attempt.",
    remedy: "Try again.",
    details: ["attempts"],
  },
  MIGRATION_REQUIRED: {
    status: 500,
    summary: "The schema is older than the library and autoMigrate is off.",
    remedy:
      "Run `migrate(pool)` with a login that may change the schema, or leave `autoMigrate` on.",
    details: ["pending"],
  },
  MIGRATION_FAILED: {
    status: 500,
    summary: "A migration failed; nothing of it was applied.",
    remedy: "Look at `cause`, remove the obstacle and start again.",
    details: ["sqlstate"],
  },
  MIGRATION_PRIVILEGE_MISSING: {
    status: 500,
    summary: "The login may not create what a migration needs; the message says what to run.",
    remedy: "Run `statement` once with a privileged login, and start again.",
    details: ["statement"],
  },
  SCHEMA_TOO_NEW: {
    status: 500,
    summary: "The database was migrated by a newer release than this one.",
    remedy: "Upgrade `@stratum-hq/lib`.",
    details: ["unknown"],
  },
  MAINTENANCE_ROLE_MISSING: {
    status: 500,
    summary: "The login is no member of stratum_maintenance; the message says what to run.",
    remedy: "Run `statement` once with the login that migrated.",
    details: ["login", "statement"],
  },
  STRATUM_CLOSED: {
    status: 500,
    summary: "The instance was closed; create a new one.",
    remedy: "Create a new `Stratum` over the same pool.",
    details: [],
  },
  INTERNAL_ERROR: {
    status: 500,
    summary: "A defect of Stratum; its cause is attached.",
    remedy: "Report it, with its `cause`.",
    details: [],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const PLATFORM_SCOPES = ["webhooks:read", "webhooks:write", "platform:admin"] as const;
