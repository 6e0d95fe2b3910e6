/** One entry: the HTTP status and, in a sentence, when the error is answered. */
export interface ErrorDescription {
  readonly status: number;
  readonly summary: string;
}

/**
 * Every error code of Stratum. docs/errors.md lists the same codes; a test compares both ways.
 */
export const ERROR_CATALOGUE = {
  VALIDATION_ERROR: { status: 400, summary: "An argument does not have the documented shape." },
  FORBIDDEN: { status: 403, summary: "The caller may not do this to a tenant that it can see." },
  TENANT_NOT_FOUND: {
    status: 404,
    summary: "No tenant has this id, slug or external id, or the caller cannot see it.",
  },
  TENANT_ALREADY_EXISTS: {
    status: 409,
    summary: "The slug, or the external id under the same root, is taken.",
  },
  TENANT_HAS_CHILDREN: {
    status: 409,
    summary: "The tenant has (active) children and { subtree: true } was not given.",
  },
  TENANT_ON_LEGAL_HOLD: {
    status: 409,
    summary: "The tenant, one above it or one below it is on legal hold.",
  },
  TENANT_CYCLE_DETECTED: {
    status: 409,
    summary: "A tenant cannot move below itself or one of its descendants.",
  },
  TENANT_DEPTH_EXCEEDED: { status: 422, summary: "A tree has at most 20 levels." },
  TENANT_SUSPENDED: { status: 403, summary: "The tenant, or one above it, is suspended." },
  TENANT_ARCHIVED: { status: 410, summary: "The tenant, or one above it, is archived." },
  INVALID_TENANT_STATE: {
    status: 409,
    summary: "The operation does not apply to a tenant of this status.",
  },
  TENANT_TREE_BUSY: {
    status: 503,
    summary: "Another operation held the tree's lock for longer than 5 seconds.",
  },
  TENANT_LIMIT_EXCEEDED: {
    status: 409,
    summary: "A tenant above allows no more descendants (stratum.max_descendants).",
  },
  RESULT_TOO_LARGE: {
    status: 422,
    summary: "The result is larger than one answer may be; the message names the method to use.",
  },
  VERSION_CONFLICT: {
    status: 412,
    summary: "The row's version is not the expected_version that was passed.",
  },
  CONFIG_LOCKED: { status: 403, summary: "A tenant above has locked the key." },
  CONFIG_NOT_FOUND: { status: 404, summary: "The tenant has no entry of its own for the key." },
  CONFIG_KEY_RESERVED: {
    status: 403,
    summary: "Keys stratum.* are set by a tenant above, or by the platform.",
  },
  MASTER_KEY_MISSING: { status: 500, summary: "Production was started without a master key." },
  MASTER_KEY_INVALID: { status: 500, summary: "A master key is not 32 bytes in hex or base64." },
  MASTER_KEY_FILE_UNUSABLE: {
    status: 500,
    summary: "The file of the master key cannot be read or made.",
  },
  MASTER_KEY_UNAVAILABLE: {
    status: 503,
    summary: "The key provider does not have, or cannot reach, the master key of a data key.",
  },
  DECRYPTION_FAILED: {
    status: 500,
    summary: "A ciphertext is damaged, was copied from elsewhere, or its key is not available.",
  },
  PERMISSION_LOCKED: { status: 403, summary: "A tenant above has locked the permission." },
  PERMISSION_NOT_DELEGATED: {
    status: 403,
    summary: "The policy above does not let tenants below decide this, or nobody above has one.",
  },
  PERMISSION_BANNED: {
    status: 403,
    summary: "The permission is banned at the tenant or above it.",
  },
  PERMISSION_NOT_FOUND: {
    status: 404,
    summary: "The tenant has no such policy, or no such ban, of its own.",
  },
  PERMISSION_ALREADY_EXISTS: {
    status: 409,
    summary: "The tenant has a policy for the permission already.",
  },
  PERMISSION_REVOCATION_DENIED: {
    status: 403,
    summary: "The policy is PERMANENT: it cannot be deleted, banned or changed.",
  },
  ABAC_POLICY_LOCKED: { status: 403, summary: "A tenant above has locked the ABAC policy." },
  ABAC_POLICY_NOT_FOUND: {
    status: 404,
    summary: "The tenant has no such ABAC policy of its own.",
  },
  ABAC_POLICY_ALREADY_EXISTS: {
    status: 409,
    summary: "The tenant has an ABAC policy of this resource type, action and name already.",
  },
  UNAUTHORIZED: { status: 401, summary: "Nobody is authenticated." },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    summary: "The keys that tokens are verified with cannot be read.",
  },
  SCOPE_ESCALATION: {
    status: 403,
    summary: "The caller grants a scope that it does not hold, or the platform's to a tenant.",
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    summary: "No API key has this id, or the caller cannot see it.",
  },
  API_KEY_NOT_ACTIVE: { status: 409, summary: "The API key is revoked, expired or rotated." },
  ROLE_NOT_FOUND: {
    status: 404,
    summary: "No role has this id, or it does not serve the tenant, or the caller cannot see it.",
  },
  ROLE_ALREADY_EXISTS: { status: 409, summary: "The tenant has a role of this name." },
  ROLE_IN_USE: { status: 409, summary: "API keys or principals have the role." },
  PURGE_CERTIFICATE_NOT_FOUND: {
    status: 404,
    summary: "No purge of this id is done, or the caller cannot see its certificate.",
  },
  OPERATION_NOT_FOUND: {
    status: 404,
    summary: "No operation has this id, or the caller cannot see it.",
  },
  OPERATION_CANCELLED: { status: 409, summary: "The operation was cancelled before it was done." },
  OPERATION_INTERRUPTED: {
    status: 503,
    summary: "The process that ran the operation died, or another one has taken it over.",
  },
  OPERATION_IN_PROGRESS: {
    status: 409,
    summary: "Such an operation is under way already, or stands unfinished.",
  },
  INVALID_OPERATION_STATE: {
    status: 409,
    summary: "The operation cannot be cancelled, or resumed, as it is now.",
  },
  REGION_NOT_FOUND: { status: 404, summary: "No region has this id." },
  REGION_ALREADY_EXISTS: { status: 409, summary: "A region has this slug." },
  REGION_IN_USE: { status: 409, summary: "Tenants, of whatever status, are in the region." },
  REGION_NOT_ACTIVE: { status: 409, summary: "The region is draining or inactive." },
  TENANT_CONTEXT_MISSING: {
    status: 500,
    summary: "Code that needs a tenant in context ran outside of one.",
  },
  TENANT_CONTEXT_EXPIRED: {
    status: 500,
    summary: "The signed tenant context was older than the database accepts.",
  },
  TENANT_CONTEXT_FORGED: {
    status: 500,
    summary: "The database does not accept the signature of the tenant context.",
  },
  CONTEXT_KEY_CONFIGURED: {
    status: 409,
    summary: "Contexts are signed with option `contextKey`, which no call replaces.",
  },
  TENANT_ROLE_MISSING: {
    status: 500,
    summary: "The login may not act as stratum_tenant; the message says what to run.",
  },
  TENANT_POOL_UNSAFE: {
    status: 500,
    summary: "The login of tenantPool may more than a tenant; the message says what to run.",
  },
  ISOLATION_UNSOUND: {
    status: 500,
    summary: "A tenant could reach another's rows; the message says what to run.",
  },
  TENANT_TABLE_INVALID: {
    status: 500,
    summary: "The table cannot hold tenants' rows as it is; the message says why.",
  },
  ISOLATION_NOT_ALLOWED: {
    status: 403,
    summary: "The isolation strategy is not one of those that the tenant may have.",
  },
  TENANT_TABLES_MISSING: {
    status: 500,
    summary: "Tenants' tables are declared and not there, and autoMigrate is off.",
  },
  STORAGE_PRIVILEGE_MISSING: {
    status: 500,
    summary: "The login may not create a tenant's storage; the message says what to run.",
  },
  TENANT_STORAGE_MISSING: {
    status: 500,
    summary: "The schema or the database of the tenant is missing.",
  },
  SCOPE_INCOMPLETE: {
    status: 422,
    summary: "Tenants of the subtree have their rows elsewhere; the message names them.",
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    summary: "The server of a tenant's database cannot be reached, or refuses the login.",
  },
  STORAGE_NOT_MOVABLE: {
    status: 409,
    summary: "The tenant has a database of its own, which stays on its server.",
  },
  CONNECTION_BUDGET_EXHAUSTED: {
    status: 503,
    summary: "All connections that the process may have to tenants' databases were in use.",
  },
  STATEMENT_FORBIDDEN: {
    status: 400,
    summary: "A tenant's statement may not begin like this: it would outlive the context.",
  },
  TRANSACTION_ABORTED: {
    status: 500,
    summary: "A statement of the transaction had failed, so that nothing was committed.",
  },
  TRANSACTION_REQUIRED: {
    status: 500,
    summary: "Streams, savepoints and the end of a transaction need an open one.",
  },
  SCHEMA_CHANGE_FORBIDDEN: {
    status: 500,
    summary: "Tables are the same for all tenants: none changes in one tenant's context.",
  },
  AUDIT_ENTRY_NOT_FOUND: { status: 404, summary: "No audit entry has this id." },
  DATABASE_UNAVAILABLE: { status: 503, summary: "PostgreSQL cannot be reached." },
  DATABASE_ERROR: {
    status: 500,
    summary: "PostgreSQL refused a statement for a reason that no other code names.",
  },
  POOLER_UNSUPPORTED: {
    status: 500,
    summary: "A pooler, or the host, dropped prepared statements; set preparedStatements to off.",
  },
  TRANSACTION_CONFLICT: {
    status: 503,
    summary: "The transaction lost against concurrent ones on every attempt.",
  },
  MIGRATION_REQUIRED: {
    status: 500,
    summary: "The schema is older than the library and autoMigrate is off.",
  },
  MIGRATION_FAILED: { status: 500, summary: "A migration failed; nothing of it was applied." },
  MIGRATION_PRIVILEGE_MISSING: {
    status: 500,
    summary: "The login may not create what a migration needs; the message says what to run.",
  },
  SCHEMA_TOO_NEW: {
    status: 500,
    summary: "The database was migrated by a newer release than this one.",
  },
  MAINTENANCE_ROLE_MISSING: {
    status: 500,
    summary: "The login is no member of stratum_maintenance; the message says what to run.",
  },
  STRATUM_CLOSED: { status: 500, summary: "The instance was closed; create a new one." },
  INTERNAL_ERROR: { status: 500, summary: "A defect of Stratum; its cause is attached." },
} as const satisfies Record<string, ErrorDescription>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;
