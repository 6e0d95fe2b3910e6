import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const ISOLATION_ERRORS = {
  TENANT_CONTEXT_MISSING: {
    status: 500,
    summary: "Code that needs a tenant in context ran outside of one.",
    remedy: "Run the code inside `stratum.runInTenant(tenantId, work)`.",
    details: [],
  },
  TENANT_CONTEXT_EXPIRED: {
    status: 500,
    summary: "The signed tenant context was older than the database accepts.",
    remedy: "Enter the tenant again; keep the clocks of application and database together.",
    details: [],
  },
  TENANT_CONTEXT_FORGED: {
    status: 500,
    summary: "The database does not accept the signature of the tenant context.",
    remedy:
      "Look for a statement that sets `stratum.context`; run a transaction again that outlasted a rotation of the key.",
    details: [],
  },
  CONTEXT_KEY_CONFIGURED: {
    status: 409,
    summary: "Contexts are signed with option `contextKey`, which no call replaces.",
    remedy:
      "Start every process with another `contextKey`, then retire the old one; the message says how.",
    details: ["key_id"],
  },
  TENANT_ROLE_MISSING: {
    status: 500,
    summary: "The login may not act as stratum_tenant; the message says what to run.",
    remedy: "Run `statement` once with a privileged login.",
    details: ["login", "statement"],
  },
  TENANT_POOL_UNSAFE: {
    status: 500,
    summary: "The login of tenantPool may more than a tenant; the message says what to run.",
    remedy: "Run the statement of each of `problems`, or leave `tenantPool` out.",
    details: ["login", "problems"],
  },
  ISOLATION_UNSOUND: {
    status: 500,
    summary: "A tenant could reach another's rows; the message says what to run.",
    remedy: "Run the statement of each of `findings` ([proof](proof.md)).",
    details: ["findings"],
  },
  TENANT_TABLE_INVALID: {
    status: 500,
    summary: "The table cannot hold tenants' rows as it is; the message says why.",
    remedy: "Change the table as `problems` say ([isolation](isolation.md)).",
    details: ["table", "problems"],
  },
  ISOLATION_NOT_ALLOWED: {
    status: 403,
    summary: "The isolation strategy is not one of those that the tenant may have.",
    remedy: "Choose one of `allowed`, or set `stratum.allowed_isolation` above.",
    details: ["strategy", "allowed"],
  },
  TENANT_TABLES_MISSING: {
    status: 500,
    summary: "Tenants' tables are declared and not there, and autoMigrate is off.",
    remedy: "Start once with `autoMigrate`, or create them and call `enableRls`.",
    details: ["schema", "tables"],
  },
  STORAGE_PRIVILEGE_MISSING: {
    status: 500,
    summary: "The login may not create a tenant's storage; the message says what to run.",
    remedy: "Run `statement` once with a privileged login.",
    details: ["statement"],
  },
  TENANT_STORAGE_MISSING: {
    status: 500,
    summary: "The schema or the database of the tenant is missing.",
    remedy: "Restore it from a backup, or create it empty with `provisionTenant(id)`.",
    details: ["tenant_id", "storage"],
  },
  SCOPE_INCOMPLETE: {
    status: 422,
    summary: "Tenants of the subtree have their rows elsewhere; the message names them.",
    remedy: "Pass `{ partial: true }`, or use `forEachTenant` ([roll-ups](roll-ups.md)).",
    details: ["tenant_id", "count", "tenants"],
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    summary: "The server of a tenant's database cannot be reached, or refuses the login.",
    remedy:
      "Check the server and the login, then `provisionTenant(id)` where the tenant is still provisioning.",
    details: ["storage", "region_id"],
  },
  STORAGE_NOT_MOVABLE: {
    status: 409,
    summary: "The tenant has a database of its own, which stays on its server.",
    remedy: "Create a tenant in the other region.",
    details: ["tenant_id", "isolation_strategy"],
  },
  CONNECTION_BUDGET_EXHAUSTED: {
    status: 503,
    summary: "All connections that the process may have to tenants' databases were in use.",
    remedy: "Try again later, or raise `connectionBudget`.",
    details: ["budget", "waited_ms"],
  },
  STATEMENT_FORBIDDEN: {
    status: 400,
    summary: "A tenant's statement may only read and write rows.",
    remedy:
      "Send only SELECT, INSERT, UPDATE, DELETE, MERGE, WITH, VALUES, TABLE or EXPLAIN; use `transaction(work)` for transactions.",
    details: ["beginning"],
  },
  TRANSACTION_ABORTED: {
    status: 500,
    summary: "A statement of the transaction had failed, so that nothing was committed.",
    remedy: "Let its error pass, or nest `transaction(work)` around what may fail.",
    details: [],
  },
  TRANSACTION_REQUIRED: {
    status: 500,
    summary: "Streams, savepoints and the end of a transaction need an open one.",
    remedy: "Use `transaction(work)`, or `begin()` first.",
    details: [],
  },
  SCHEMA_CHANGE_FORBIDDEN: {
    status: 500,
    summary: "Tables are the same for all tenants: none changes in one tenant's context.",
    remedy: "Declare the entities ([TypeORM](typeorm.md)), and migrate with a login of your own.",
    details: ["operation"],
  },
  CONNECTION_NESTED: {
    status: 503,
    summary:
      "A statement inside of a tenant's transaction asked for a second connection of a pool that has none left.",
    remedy:
      "Use the client that the transaction passes to its work, or begin after it has ended; a larger pool alone only makes it rarer.",
    details: [],
  },
} as const satisfies Record<string, ErrorDescription>;
