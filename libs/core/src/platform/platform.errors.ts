import { StratumError } from "../errors/stratum-error";
import { MAX_UNPAGED_RESULTS } from "./limits";

/** One thing wrong with an argument: where it is (`""` is the argument itself) and what. */
export interface ValidationIssue {
  readonly path: string;
  readonly message: string;
}

/** Details: `{ argument, issues: [{ path, message }] }`. */
export class ValidationError extends StratumError {
  constructor(argument: string, issues: readonly ValidationIssue[]) {
    const list = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
    super("VALIDATION_ERROR", `Invalid ${argument}: ${list.join("; ")}`, { argument, issues });
  }
}

/** The caller may see the tenant and still not do this to it. Details vary by operation. */
export class ForbiddenError extends StratumError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super("FORBIDDEN", message, details);
  }
}

/** PostgreSQL cannot be reached; `cause` is the driver's error. */
export class DatabaseUnavailableError extends StratumError {
  constructor(cause: unknown) {
    super(
      "DATABASE_UNAVAILABLE",
      "PostgreSQL cannot be reached. Check that the server runs and that the pool's settings are right.",
      {},
      cause,
    );
  }
}

/** Details: `{ sqlstate }`. The driver's message is in `cause` alone, since it may quote values. */
export class DatabaseError extends StratumError {
  constructor(sqlstate: string | null, cause: unknown) {
    super(
      "DATABASE_ERROR",
      `PostgreSQL refused a statement (SQLSTATE ${sqlstate ?? "unknown"}). See cause, and report it with the server's log.`,
      { sqlstate },
      cause,
    );
  }
}

/** Details: `{ sqlstate }`. A prepared statement was not where the driver had put it. */
export class PoolerUnsupportedError extends StratumError {
  constructor(sqlstate: string, cause: unknown) {
    super(
      "POOLER_UNSUPPORTED",
      "Prepared statements do not survive between pool and server (PgBouncer before 1.21, or DISCARD ALL). " +
        'Pass { preparedStatements: "off" }.',
      { sqlstate },
      cause,
    );
  }
}

/** Details: `{ attempts }`. */
export class TransactionConflictError extends StratumError {
  constructor(attempts: number, cause?: unknown) {
    super(
      "TRANSACTION_CONFLICT",
      `The transaction conflicted with concurrent ones ${attempts} times. Try again.`,
      { attempts },
      cause,
    );
  }
}

/** Details: `{ login, statement }`: what a privileged login, or the one that migrated, has to run once. */
export class MaintenanceRoleMissingError extends StratumError {
  constructor(login: string, statement: string, cause?: unknown) {
    super(
      "MAINTENANCE_ROLE_MISSING",
      `Login ${login} is no member of stratum_maintenance. Run once with the login that migrated: ${statement}`,
      { login, statement },
      cause,
    );
  }
}

/** A method was called after `close()`. */
export class StratumClosedError extends StratumError {
  constructor() {
    super("STRATUM_CLOSED", "This Stratum was closed. Create a new one over the same pool.");
  }
}

/** A defect of Stratum itself. */
export class InternalError extends StratumError {
  constructor(cause: unknown) {
    super(
      "INTERNAL_ERROR",
      "Stratum failed unexpectedly. Please report it with its cause.",
      {},
      cause,
    );
  }
}

/** Details: `{ limit, use }`: the method to call instead. */
export class ResultTooLargeError extends StratumError {
  constructor(
    use: string,
    what = "tenants",
    why = "which returns pages",
    limit = MAX_UNPAGED_RESULTS,
  ) {
    super("RESULT_TOO_LARGE", `More than ${limit} ${what} match. Use ${use}, ${why}.`, {
      limit,
      use,
    });
  }
}

/** Details: `{ resource, expected_version, version }`; `version` is the current one. */
export class VersionConflictError extends StratumError {
  constructor(resource: string, expectedVersion: number, version: number) {
    super(
      "VERSION_CONFLICT",
      `${resource} is at version ${version}, not ${expectedVersion}. Read it again and retry.`,
      { resource, expected_version: expectedVersion, version },
    );
  }
}
