import { StratumError } from "../errors/stratum-error";

/** Details: `{ pending }`: the names of the migrations to run. */
export class MigrationRequiredError extends StratumError {
  constructor(pending: readonly string[]) {
    super(
      "MIGRATION_REQUIRED",
      `The schema lacks ${pending.length} migration(s). Run migrate(pool) with a login that may change ` +
        "the schema, or leave autoMigrate on.",
      { pending },
    );
  }
}

/** Details: `{ migration }`; `cause` is the driver's error. */
export class MigrationFailedError extends StratumError {
  constructor(sqlstate: string | null, cause: unknown) {
    super(
      "MIGRATION_FAILED",
      `A migration failed (SQLSTATE ${sqlstate ?? "unknown"}) and nothing was applied. See cause.`,
      { sqlstate },
      cause,
    );
  }
}

/** Details: `{ statement }`: what a privileged login has to run once. */
export class MigrationPrivilegeMissingError extends StratumError {
  constructor(statement: string, cause?: unknown) {
    super(
      "MIGRATION_PRIVILEGE_MISSING",
      `The login may not do this itself. Run once with a privileged login, then start again: ${statement}`,
      { statement },
      cause,
    );
  }
}

/** Details: `{ unknown }`: the migrations that the database has and this release does not. */
export class SchemaTooNewError extends StratumError {
  constructor(unknown: readonly string[]) {
    super(
      "SCHEMA_TOO_NEW",
      `The database was migrated by a newer release (${unknown.join(", ")}). Upgrade @stratum-hq/lib.`,
      { unknown },
    );
  }
}
