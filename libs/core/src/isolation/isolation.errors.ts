import { StratumError } from "../errors/stratum-error";

/** Code that needs a tenant in context ran outside of one. */
export class TenantContextMissingError extends StratumError {
  constructor() {
    super(
      "TENANT_CONTEXT_MISSING",
      "No tenant is in context. Run this code inside stratum.runInTenant(tenantId, work).",
    );
  }
}

/** The database found the signed context older than it may be; `cause` is the driver's error. */
export class TenantContextExpiredError extends StratumError {
  constructor(cause?: unknown) {
    super(
      "TENANT_CONTEXT_EXPIRED",
      "The signed tenant context has expired. Do not keep one: enter the tenant again. Where every " +
        "context has, set the clocks of the application and of PostgreSQL by the same time server.",
      {},
      cause,
    );
  }
}

/** The database does not know the signature of the context; `cause` is the driver's error. */
export class TenantContextForgedError extends StratumError {
  constructor(cause?: unknown) {
    super(
      "TENANT_CONTEXT_FORGED",
      "PostgreSQL does not accept the signature of the tenant context. Either a statement has changed " +
        "setting stratum.context; or the signing key was retired meanwhile: run a transaction again that " +
        "outlasted the overlap of rotateContextKey, and restart a process whose option contextKey is an old one.",
      {},
      cause,
    );
  }
}

/** Details: `{ key_id }`: the key of option `contextKey`. */
export class ContextKeyConfiguredError extends StratumError {
  constructor(keyId: string) {
    super(
      "CONTEXT_KEY_CONFIGURED",
      `Contexts are signed with option contextKey, key ${keyId}, which no call replaces. Start all processes ` +
        `anew with another one; then call stratum.retire_context_key('${keyId}') as stratum_maintenance, in the ` +
        `shared database and in each tenant's own.`,
      { key_id: keyId },
    );
  }
}

/** Details: `{ login, statement }`: what a privileged login has to run once. */
export class TenantRoleMissingError extends StratumError {
  constructor(login: string, statement: string, cause?: unknown) {
    super(
      "TENANT_ROLE_MISSING",
      `Login ${login} may not act as stratum_tenant, and without that nothing isolates. Run once with a ` +
        `privileged login: ${statement}`,
      { login, statement },
      cause,
    );
  }
}

/** What a login or a role may that it must not, and the statement that takes it away. */
export interface TenantPoolProblem {
  readonly problem: string;
  readonly statement: string;
}

/** Details: `{ login, problems: [{ problem, statement }] }`. */
export class TenantPoolUnsafeError extends StratumError {
  constructor(login: string, problems: readonly TenantPoolProblem[]) {
    const list = problems.map(({ problem, statement }) => `${problem} (run: ${statement})`);
    super(
      "TENANT_POOL_UNSAFE",
      `Login ${login} of tenantPool may more than a tenant: ${list.join("; ")}`,
      { login, problems },
    );
  }
}

/** Details: `{ table, problems }`: what has to change before the table can hold tenants' rows. */
export class TenantTableInvalidError extends StratumError {
  constructor(table: string, problems: readonly string[]) {
    super(
      "TENANT_TABLE_INVALID",
      `Table ${table} cannot hold tenants' rows: ${problems.join("; ")}`,
      {
        table,
        problems,
      },
    );
  }
}

/** Details: `{ beginning }`: the first word of the statement; with EXPLAIN, that of the statement it is of too. */
export class StatementForbiddenError extends StratumError {
  constructor(beginning: string, remedy: string) {
    super(
      "STATEMENT_FORBIDDEN",
      `A tenant's statement may not begin with ${beginning === "" ? "nothing" : beginning}. ${remedy}`,
      {
        beginning,
      },
    );
  }
}

/** A statement of the transaction had failed, so PostgreSQL rolled back where it was told to commit. */
export class TransactionAbortedError extends StratumError {
  constructor() {
    super(
      "TRANSACTION_ABORTED",
      "Nothing was committed: a statement of the transaction had failed. Let its error pass, or nest " +
        "transaction(work) around what may fail.",
    );
  }
}

/** Something was asked for that only an open transaction of the client has. */
export class TransactionRequiredError extends StratumError {
  constructor(what: string) {
    super(
      "TRANSACTION_REQUIRED",
      `${what} needs an open transaction. Use transaction(work), or begin() first.`,
    );
  }
}

/** Details: `{ strategy, allowed }`: what was asked for, and what a tenant may have there. */
export class IsolationNotAllowedError extends StratumError {
  constructor(strategy: string, allowed: readonly string[]) {
    super(
      "ISOLATION_NOT_ALLOWED",
      `A tenant may not be ${strategy} here, but: ${allowed.join(", ") || "nothing"}. Choose one of these, or ` +
        "have the level above change stratum.allowed_isolation.",
      { strategy, allowed },
    );
  }
}

/** Details: `{ schema, tables }`: the declared tables that are not there, or do not hold tenants' rows. */
export class TenantTablesMissingError extends StratumError {
  constructor(schema: string, tables: readonly string[]) {
    super(
      "TENANT_TABLES_MISSING",
      `Schema ${schema} lacks tenants' tables: ${tables.join(", ")}. Start once with autoMigrate and a login ` +
        "that may create there, or create them in a migration of yours and call enableRls.",
      { schema, tables },
    );
  }
}

/** Details: `{ statement }`: what a privileged login has to run once; `cause` is the driver's error. */
export class StoragePrivilegeMissingError extends StratumError {
  constructor(what: string, statement: string, cause?: unknown) {
    super(
      "STORAGE_PRIVILEGE_MISSING",
      `The login may not create ${what}. Run once with a privileged login, then try again: ${statement}`,
      { statement },
      cause,
    );
  }
}

/** Details: `{ tenant_id, storage }`: the schema or the database that should hold the tenant's tables. */
export class TenantStorageMissingError extends StratumError {
  constructor(tenantId: string, storage: string, cause?: unknown) {
    super(
      "TENANT_STORAGE_MISSING",
      `Tenant ${tenantId} has no ${storage}, and finds its rows nowhere else. ` +
        "Restore it from a backup, or create it empty with provisionTenant(id).",
      { tenant_id: tenantId, storage },
      cause,
    );
  }
}

/** Details: `{ operation }`: what would have changed tables in one tenant's context. */
export class SchemaChangeForbiddenError extends StratumError {
  constructor(operation: string) {
    super(
      "SCHEMA_CHANGE_FORBIDDEN",
      `${operation} would change tables in the context of one tenant. Declare the entities, whose tables ` +
        "every placement gets, and migrate with a login of your own.",
      { operation },
    );
  }
}

/** Details: `{ tenant_id, count, tenants }`: how many tenants have their rows elsewhere, and the first of them. */
export class ScopeIncompleteError extends StratumError {
  constructor(
    tenantId: string,
    count: number,
    tenants: readonly { readonly id: string; readonly isolation_strategy: string }[],
  ) {
    const named = tenants.map(({ id }) => id).join(", ");
    super(
      "SCOPE_INCOMPLETE",
      `${count} tenants below ${tenantId} have their rows elsewhere: ${named}${count > tenants.length ? ", …" : ""}. ` +
        "Pass { partial: true } to read without them, or use forEachTenant, which goes to each.",
      { tenant_id: tenantId, count, tenants },
    );
  }
}

/** Details: none. */
export class ConnectionNestedError extends StratumError {
  constructor() {
    super(
      "CONNECTION_NESTED",
      "This code has a connection in a transaction and asks for another one, of a pool that has none left: it would " +
        "wait for itself. Use the client of the transaction.",
      {},
    );
  }
}
