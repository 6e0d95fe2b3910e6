import { ABAC } from "./abac/abac.feature";
import { API_KEYS } from "./api-keys/api-keys.feature";
import { AUDIT } from "./audit/audit.feature";
import { CONFIG_INHERITANCE } from "./config-inheritance/config-inheritance.feature";
import { CONSENT } from "./consent/consent.feature";
import { CONTEXT_KEY_ROTATION } from "./context-key-rotation/context-key-rotation.feature";
import { CONTEXT_KEYS } from "./context-keys/context-keys.feature";
import { CRYPTO } from "./crypto/crypto.feature";
import { DRY_RUN } from "./dry-run/dry-run.feature";
import { GDPR } from "./gdpr/gdpr.feature";
import { ISOLATION } from "./isolation/isolation.feature";
import { KEY_ROTATION } from "./key-rotation/key-rotation.feature";
import { OPERATIONS } from "./operations/operations.feature";
import { PERMISSIONS } from "./permissions/permissions.feature";
import { PERSISTENCE } from "./persistence/persistence.feature";
import { REGIONS } from "./regions/regions.feature";
import { RETENTION } from "./retention/retention.feature";
import { ROLES } from "./roles/roles.feature";
import { TENANCY } from "./tenancy/tenancy.feature";
import { TENANT_CONTEXT } from "./tenant-context/tenant-context.feature";
import { USAGE } from "./usage/usage.feature";

// What core has, and in place of its interfaces of the API the classes to inject them by.
export * from "@stratum-hq/core";
export { TenancyApi, TenantTreeApi } from "./tenancy/tenancy.api";
export { TenantContextApi } from "./tenant-context/tenant-context.api";
export { ConfigApi } from "./config-inheritance/config-inheritance.api";
export { PermissionsApi } from "./permissions/permissions.api";
export { AbacApi } from "./abac/abac.api";
export { UsageApi } from "./usage/usage.api";
export { ConsentApi } from "./consent/consent.api";
export { GdprApi } from "./gdpr/gdpr.api";
export { RetentionApi } from "./retention/retention.api";
export { RegionsApi } from "./regions/regions.api";
export { RolesApi } from "./roles/roles.api";
export { ApiKeysApi } from "./api-keys/api-keys.api";
export { KeyRotationApi } from "./key-rotation/key-rotation.api";
export { IsolationApi } from "./isolation/isolation.api";
export { AuditApi } from "./audit/audit.api";
export { OperationsApi } from "./operations/operations.api";

/**
 * Every feature; beside it, what its part of the API is injected by, which is public. The order is the order of the parts of an export; a purge erases rows from the end, so
 * a feature comes after those whose tables its own tables refer to.
 */
const FEATURES = [
  TENANCY,
  CONFIG_INHERITANCE,
  TENANT_CONTEXT,
  PERMISSIONS,
  ABAC,
  ROLES,
  API_KEYS,
  USAGE,
  CONSENT,
  CRYPTO,
  GDPR,
  REGIONS,
  RETENTION,
  OPERATIONS,
  KEY_ROTATION,
  ISOLATION,
  CONTEXT_KEYS,
  CONTEXT_KEY_ROTATION,
  PERSISTENCE,
  AUDIT,
  DRY_RUN,
] as const;

export default FEATURES;
