/** API keys, roles and scopes. */
export * from "./limits";
export * from "./access.errors";
export {
  effectiveScopes,
  expandScopes,
  missingScopes,
  PLATFORM_SCOPE,
  SCOPE_BUNDLES,
  scopeProblem,
  scopeSchema,
  scopesSchema,
  withoutPlatformScopes,
  type ScopeBundle,
} from "./scopes";
export { SCOPES, type Scope } from "../codes";
export {
  createApiKeySchema,
  dormantDaysSchema,
  ownOrRoleScopes,
  revokeApiKeysSchema,
  rotateApiKeySchema,
  type ApiKey,
  type CreateApiKeyInput,
  type CreatedApiKey,
  type RevokeApiKeysInput,
  type RotateApiKeyInput,
  type ValidatedApiKey,
} from "./api-key.schemas";
export {
  createRoleSchema,
  principalIdSchema,
  principalTypeSchema,
  updateRoleSchema,
  type CreateRoleInput,
  type Role,
  type UpdateRoleInput,
} from "./role.schemas";
export { ROLES_API, type RolesApi } from "./roles.api";
export { API_KEYS_API, type ApiKeysApi } from "./api-keys.api";
