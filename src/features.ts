import { ABAC_ROUTES } from "./abac/abac.routes";
import { API_KEYS_ROUTES } from "./api-keys/api-keys.routes";
import type { ApiRoutes } from "./api/api-route";
import { AUDIT_ROUTES } from "./audit/audit.routes";
import { CONFIG_ROUTES } from "./configuration/config.routes";
import { ISOLATION_ROUTES } from "./isolation/isolation.routes";
import { KEY_ROTATION_ROUTES, RETENTION_ROUTES } from "./maintenance/maintenance.routes";
import { OPERATIONS_ROUTES } from "./operations/operations.routes";
import { PERMISSIONS_ROUTES } from "./permissions/permissions.routes";
import { CONSENT_ROUTES, GDPR_ROUTES } from "./privacy/privacy.routes";
import { REGIONS_ROUTES } from "./regions/regions.routes";
import { ROLES_ROUTES } from "./roles/roles.routes";
import { TENANCY_ROUTES, TENANT_CONTEXT_ROUTES, TENANT_TREE_ROUTES } from "./tenants/tenant.routes";
import { USAGE_ROUTES } from "./usage/usage.routes";

/** The routes of every feature, in the order of the documentation. */
export const FEATURES: readonly ApiRoutes[] = [
  TENANCY_ROUTES,
  TENANT_TREE_ROUTES,
  TENANT_CONTEXT_ROUTES,
  CONFIG_ROUTES,
  PERMISSIONS_ROUTES,
  ABAC_ROUTES,
  API_KEYS_ROUTES,
  ROLES_ROUTES,
  AUDIT_ROUTES,
  GDPR_ROUTES,
  CONSENT_ROUTES,
  RETENTION_ROUTES,
  USAGE_ROUTES,
  ISOLATION_ROUTES,
  KEY_ROTATION_ROUTES,
  REGIONS_ROUTES,
  OPERATIONS_ROUTES,
];
