import { ABAC } from "./abac/abac.feature";
import { API_KEYS } from "./api-keys/api-keys.feature";
import { AUDIT } from "./audit/audit.feature";
import { CONFIG_INHERITANCE } from "./config-inheritance/config-inheritance.feature";
import { CONSENT } from "./consent/consent.feature";
import { CONTEXT_KEY_ROTATION } from "./context-key-rotation/context-key-rotation.feature";
import { CONTEXT_KEYS } from "./context-keys/context-keys.feature";
import { CRYPTO } from "./crypto/crypto.feature";
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

/**
 * Every feature. The order is the order of the parts of an export; a purge erases rows from the end, so
 * a feature comes after those whose tables its own tables refer to.
 */
export const FEATURES = [
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
] as const;
