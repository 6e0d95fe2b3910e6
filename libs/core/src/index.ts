export * from "./constants";
export { StratumError, type ErrorDetails } from "./errors/stratum-error";
export { ERROR_CATALOGUE, type ErrorCode, type ErrorDescription } from "./errors/catalogue";
export {
  InvalidTenantStateError,
  PurgeCertificateNotFoundError,
  ResultTooLargeError,
  TenantAlreadyExistsError,
  TenantArchivedError,
  TenantCycleDetectedError,
  TenantDepthExceededError,
  TenantHasChildrenError,
  TenantLimitExceededError,
  TenantNotFoundError,
  TenantOnLegalHoldError,
  TenantSuspendedError,
  TenantTreeBusyError,
  VersionConflictError,
} from "./errors/tenant.errors";
export {
  ConfigKeyReservedError,
  ConfigLockedError,
  ConfigNotFoundError,
} from "./errors/config.errors";
export {
  DecryptionFailedError,
  MasterKeyFileUnusableError,
  MasterKeyInvalidError,
  MasterKeyMissingError,
  MasterKeyUnavailableError,
} from "./errors/crypto.errors";
export {
  PermissionAlreadyExistsError,
  PermissionBannedError,
  PermissionLockedError,
  PermissionNotDelegatedError,
  PermissionNotFoundError,
  PermissionRevocationDeniedError,
} from "./errors/permission.errors";
export {
  AbacPolicyAlreadyExistsError,
  AbacPolicyLockedError,
  AbacPolicyNotFoundError,
} from "./errors/abac.errors";
export {
  ApiKeyNotActiveError,
  ApiKeyNotFoundError,
  IdentityProviderUnavailableError,
  RoleAlreadyExistsError,
  RoleInUseError,
  RoleNotFoundError,
  ScopeEscalationError,
  UnauthorizedError,
} from "./errors/access.errors";
export * from "./errors/operation.errors";
export * from "./errors/isolation.errors";
export * from "./errors/isolation-proof.errors";
export * from "./errors/tenant-database.errors";
export {
  MigrationFailedError,
  MigrationPrivilegeMissingError,
  MigrationRequiredError,
  SchemaTooNewError,
} from "./errors/migration.errors";
export {
  AuditEntryNotFoundError,
  DatabaseError,
  DatabaseUnavailableError,
  ForbiddenError,
  InternalError,
  MaintenanceRoleMissingError,
  PoolerUnsupportedError,
  StratumClosedError,
  TenantContextMissingError,
  TransactionConflictError,
  ValidationError,
  type ValidationIssue,
} from "./errors/platform.errors";
export { validate } from "./validate";
export {
  jsonObjectSchema,
  jsonProblem,
  jsonValueSchema,
  type JsonObject,
  type JsonValue,
} from "./json/json-value";
export { deepFreeze } from "./json/deep-freeze";
export { jsonEqual } from "./json/json-equal";
export {
  ancestorsOf,
  ancestryPathOf,
  chainOf,
  childPath,
  depthOf,
  idOf,
  isBelow,
  isWithin,
  labelOf,
  rootOf,
  subtreeUpperBound,
  type TenantPath,
} from "./tenant/path";
export { canTransition, STATUS_TRANSITIONS, type StatusOperation } from "./tenant/transitions";
export {
  expectedVersionSchema,
  externalIdSchema,
  ISOLATION_STRATEGIES,
  metadataSchema,
  slugSchema,
  TENANT_STATUSES,
  tenantIdSchema,
  tenantNameSchema,
  tenantSchema,
  type IsolationStrategy,
  type Tenant,
  type TenantStatus,
} from "./tenant/tenant.schemas";
export * from "./isolation/context-key.schemas";
export * from "./isolation/isolation.schemas";
export {
  batchCreateTenantsSchema,
  batchTenantSchema,
  createTenantSchema,
  listDescendantsSchema,
  listTenantsSchema,
  pageSchema,
  positionSchema,
  tenantStatusSchema,
  updateTenantSchema,
  versionedSchema,
  type BatchCreateError,
  type BatchCreateResult,
  type BatchTenantInput,
  type CreateTenantInput,
  type ListDescendantsInput,
  type ListTenantsInput,
  type Page,
  type PageInput,
  type TenantStatusInput,
  type UpdateTenantInput,
  type VersionedInput,
} from "./tenant/tenant-inputs.schemas";
export {
  batchConfigEntrySchema,
  batchSetConfigSchema,
  configEntrySchema,
  configKeySchema,
  setConfigSchema,
  type BatchConfigEntryInput,
  type BatchConfigResult,
  type BatchSetConfigResult,
  type ConfigEntry,
  type SetConfigInput,
} from "./config/config.schemas";
export {
  masterKeySchema,
  type DataKeyRotationResult,
  type MasterKeyRotationResult,
} from "./crypto/key-rotation.schemas";
export {
  foldConfig,
  foldConfigWithChain,
  type ConfigValueError,
  type ConfigChainLink,
  type ConfigInheritance,
  type ConfigLevel,
  type ConfigLevelEntry,
  type ResolvedConfig,
  type ResolvedConfigEntry,
} from "./config/fold";
export {
  diffResolved,
  type ConfigDiff,
  type ConfigDiffItem,
  type ConfigDiffSide,
} from "./config/diff";
export {
  computeDrift,
  DRIFT_STATUSES,
  summarizeDrift,
  type BatchDriftResult,
  type DriftDetail,
  type DriftResult,
  type DriftStatus,
  type OwnValues,
} from "./config/drift";
export {
  isReservedKey,
  ALLOWED_ISOLATION_KEY,
  MAX_DESCENDANTS_KEY,
  RESERVED_KEYS,
  RESERVED_PREFIX,
  reservedKeyProblem,
} from "./config/reserved-keys";
export {
  HIDDEN_SOURCE,
  hideLinks,
  hideSource,
  hideSources,
  type HiddenTenants,
} from "./inheritance/disclosure";
export {
  delegationRefusal,
  type DelegationRefusal,
  type PolicyAbove,
} from "./inheritance/delegation";
export {
  banPermissionSchema,
  createPermissionSchema,
  deletePermissionSchema,
  PERMISSION_MODES,
  PERMISSION_ORIGINS,
  permissionKeySchema,
  REVOCATION_MODES,
  updatePermissionSchema,
  type BanPermissionInput,
  type CreatePermissionInput,
  type DeletePermissionInput,
  type PermissionBan,
  type PermissionMode,
  type PermissionOrigin,
  type PermissionPolicy,
  type RevocationMode,
  type UpdatePermissionInput,
} from "./permissions/permission.schemas";
export {
  explainFold,
  foldPermissions,
  type PermissionChainLink,
  type PermissionExplanation,
  type PermissionLevel,
  type PermissionLevelPolicy,
  type ResolvedPermission,
  type ResolvedPermissions,
} from "./permissions/permission-fold";
export {
  ABAC_EFFECTS,
  ABAC_OPERATORS,
  abacConditionSchema,
  abacPatternSchema,
  abacRequestSchema,
  createAbacPolicySchema,
  deleteAbacPolicySchema,
  type AbacAttributes,
  type AbacCondition,
  type AbacEffect,
  type AbacOperator,
  type AbacPolicy,
  type AbacRequest,
  type CreateAbacPolicyInput,
  type DeleteAbacPolicyInput,
} from "./abac/abac.schemas";
export { abacPolicyKey, compareAbacPolicies, type AbacPolicyIdentity } from "./abac/abac-policy";
export {
  foldAbacPolicies,
  hideAbacSources,
  type AbacLevel,
  type EffectiveAbacPolicy,
  type ResolvedAbacPolicy,
} from "./abac/abac-fold";
export {
  abacEvaluator,
  evaluateAbacPolicies,
  type AbacDecision,
  type AbacEvaluator,
  type AbacReason,
  type AbacRule,
} from "./abac/evaluate";
export {
  aggregateUsageSchema,
  recordUsageSchema,
  type AggregateUsageInput,
  type RecordUsageInput,
  type UsageEvent,
  type UsageTotal,
} from "./usage/usage.schemas";
export {
  effectiveScopes,
  expandScopes,
  missingScopes,
  PLATFORM_SCOPE,
  SCOPE_BUNDLES,
  SCOPES,
  scopeProblem,
  scopeSchema,
  scopesSchema,
  withoutPlatformScopes,
  type Scope,
  type ScopeBundle,
} from "./access/scopes";
export {
  createApiKeySchema,
  dormantDaysSchema,
  listSchema,
  ownOrRoleScopes,
  revokeApiKeysSchema,
  rotateApiKeySchema,
  type ApiKey,
  type CreateApiKeyInput,
  type CreatedApiKey,
  type ListInput,
  type RevokeApiKeysInput,
  type RotateApiKeyInput,
  type ValidatedApiKey,
} from "./access/api-key.schemas";
export {
  createRoleSchema,
  principalIdSchema,
  principalTypeSchema,
  updateRoleSchema,
  type CreateRoleInput,
  type Role,
  type UpdateRoleInput,
} from "./access/role.schemas";
export {
  listOperationsSchema,
  OPERATION_STATES,
  OPERATION_TYPES,
  type ListOperationsInput,
  type Operation,
  type OperationFailure,
  type OperationProgress,
  type OperationState,
  type OperationType,
} from "./operations/operation.schemas";
export {
  purgeTenantSchema,
  type PurgeCertificate,
  type PurgeTenantInput,
} from "./gdpr/purge.schemas";
export {
  consentPurposeSchema,
  consentSubjectSchema,
  grantConsentSchema,
  type ConsentRecord,
  type GrantConsentInput,
} from "./consent/consent.schemas";
export {
  EXPORT_FORMAT,
  exportTenantSchema,
  type ExportedPart,
  type ExportManifest,
  type ExportTenantInput,
  type TenantExport,
} from "./gdpr/export.schemas";
export {
  createRegionSchema,
  REGION_STATUSES,
  updateRegionSchema,
  type CreateRegionInput,
  type Region,
  type RegionStatus,
  type UpdateRegionInput,
} from "./regions/region.schemas";
export {
  RegionAlreadyExistsError,
  RegionInUseError,
  RegionNotActiveError,
  RegionNotFoundError,
} from "./errors/region.errors";
export { instantSchema } from "./time/instant";
export {
  ACTOR_TYPES,
  auditContextSchema,
  exportAuditLogsSchema,
  queryAuditLogsSchema,
  recordAuditEventSchema,
  type ActorType,
  type AuditContext,
  type AuditEntry,
  type ExportAuditLogsInput,
  type QueryAuditLogsInput,
  type RecordAuditEventInput,
} from "./audit/audit.schemas";
export { maskSecrets, secretMask, type SecretMask } from "./audit/mask-secrets";
export { namesSecret } from "./audit/secret-names";
export { MASK, secretPatterns, type SecretPatterns } from "./audit/secret-text";
export {
  retentionDaysSchema,
  retentionScopeSchema,
  type RetentionResult,
  type RetentionScopeInput,
} from "./retention/retention.schemas";
