/** Every feature of core: what it exports, and its part of the contract of all doors. */
import type { ApiMethod } from "./api/api-method";
import { TENANCY_API, type TenancyApi } from "./tenant/api";
import { TENANT_TREE_API, type TenantTreeApi } from "./tenant/tree.api";
import { TENANT_CONTEXT_API, type TenantContextApi } from "./tenant-context/api";
import { CONFIG_API, type ConfigApi } from "./config/api";
import { PERMISSIONS_API, type PermissionsApi } from "./permissions/api";
import { ABAC_API, type AbacApi } from "./abac/api";
import { USAGE_API, type UsageApi } from "./usage/api";
import { CONSENT_API, type ConsentApi } from "./consent/api";
import { GDPR_API, type GdprApi } from "./gdpr/api";
import { RETENTION_API, type RetentionApi } from "./retention/api";
import { REGIONS_API, type RegionsApi } from "./regions/api";
import { ROLES_API, type RolesApi } from "./access/roles.api";
import { API_KEYS_API, type ApiKeysApi } from "./access/api-keys.api";
import { KEY_ROTATION_API, type KeyRotationApi } from "./crypto/api";
import { ISOLATION_API, type IsolationApi } from "./isolation/api";
import { AUDIT_API, type AuditApi } from "./audit/api";
import { OPERATIONS_API, type OperationsApi } from "./operations/api";

export * from "./tenant";
export * from "./tenant-context";
export * from "./config";
export * from "./permissions";
export * from "./abac";
export * from "./access";
export * from "./audit";
export * from "./retention";
export * from "./crypto";
export * from "./isolation";
export * from "./operations";
export * from "./regions";
export * from "./gdpr";
export * from "./consent";
export * from "./usage";
export * from "./dry-run";
export * from "./http";

/**
 * Everything that Stratum does, whichever door it is asked through: in process, over HTTP, by the SDK. Each feature adds its
 * part, one line here and one below.
 */
export interface StratumApi
  extends
    TenancyApi,
    TenantTreeApi,
    TenantContextApi,
    ConfigApi,
    PermissionsApi,
    AbacApi,
    UsageApi,
    ConsentApi,
    GdprApi,
    RetentionApi,
    RegionsApi,
    RolesApi,
    ApiKeysApi,
    KeyRotationApi,
    IsolationApi,
    AuditApi,
    OperationsApi {}

/** How each method of {@link StratumApi} travels, what it does, and what it asks of its caller. */
export const STRATUM_API = {
  ...TENANCY_API,
  ...TENANT_TREE_API,
  ...TENANT_CONTEXT_API,
  ...CONFIG_API,
  ...PERMISSIONS_API,
  ...ABAC_API,
  ...USAGE_API,
  ...CONSENT_API,
  ...GDPR_API,
  ...RETENTION_API,
  ...REGIONS_API,
  ...ROLES_API,
  ...API_KEYS_API,
  ...KEY_ROTATION_API,
  ...ISOLATION_API,
  ...AUDIT_API,
  ...OPERATIONS_API,
} as const satisfies Record<keyof StratumApi, ApiMethod>;
