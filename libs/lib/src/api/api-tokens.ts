import * as core from "@stratum-hq/core";
import { apiToken, type ApiToken } from "./api-token";

/** Tenants: created, found, changed, shut and opened again, to inject: `constructor(private readonly api: TenancyApi)`. */
export const TenancyApi = apiToken<core.TenancyApi>("TenancyApi", core.TENANCY_API);
export type TenancyApi = core.TenancyApi;

/** The tree of tenants, to inject: `constructor(private readonly api: TenantTreeApi)`. */
export const TenantTreeApi = apiToken<core.TenantTreeApi>("TenantTreeApi", core.TENANT_TREE_API);
export type TenantTreeApi = core.TenantTreeApi;

/** A tenant together with what it inherits, to inject: `constructor(private readonly api: TenantContextApi)`. */
export const TenantContextApi = apiToken<core.TenantContextApi>(
  "TenantContextApi",
  core.TENANT_CONTEXT_API,
);
export type TenantContextApi = core.TenantContextApi;

/** Configuration, to inject: `constructor(private readonly api: ConfigApi)`. */
export const ConfigApi = apiToken<core.ConfigApi>("ConfigApi", core.CONFIG_API);
export type ConfigApi = core.ConfigApi;

/** Permissions, to inject: `constructor(private readonly api: PermissionsApi)`. */
export const PermissionsApi = apiToken<core.PermissionsApi>("PermissionsApi", core.PERMISSIONS_API);
export type PermissionsApi = core.PermissionsApi;

/** ABAC policies, to inject: `constructor(private readonly api: AbacApi)`. */
export const AbacApi = apiToken<core.AbacApi>("AbacApi", core.ABAC_API);
export type AbacApi = core.AbacApi;

/** Usage, to inject: `constructor(private readonly api: UsageApi)`. */
export const UsageApi = apiToken<core.UsageApi>("UsageApi", core.USAGE_API);
export type UsageApi = core.UsageApi;

/** Consents, to inject: `constructor(private readonly api: ConsentApi)`. */
export const ConsentApi = apiToken<core.ConsentApi>("ConsentApi", core.CONSENT_API);
export type ConsentApi = core.ConsentApi;

/** Export and erasure, to inject: `constructor(private readonly api: GdprApi)`. */
export const GdprApi = apiToken<core.GdprApi>("GdprApi", core.GDPR_API);
export type GdprApi = core.GdprApi;

/** Retention, to inject: `constructor(private readonly api: RetentionApi)`. */
export const RetentionApi = apiToken<core.RetentionApi>("RetentionApi", core.RETENTION_API);
export type RetentionApi = core.RetentionApi;

/** Regions, to inject: `constructor(private readonly api: RegionsApi)`. */
export const RegionsApi = apiToken<core.RegionsApi>("RegionsApi", core.REGIONS_API);
export type RegionsApi = core.RegionsApi;

/** Roles, to inject: `constructor(private readonly api: RolesApi)`. */
export const RolesApi = apiToken<core.RolesApi>("RolesApi", core.ROLES_API);
export type RolesApi = core.RolesApi;

/** API keys, to inject: `constructor(private readonly api: ApiKeysApi)`. */
export const ApiKeysApi = apiToken<core.ApiKeysApi>("ApiKeysApi", core.API_KEYS_API);
export type ApiKeysApi = core.ApiKeysApi;

/** Rotation of keys, to inject: `constructor(private readonly api: KeyRotationApi)`. */
export const KeyRotationApi = apiToken<core.KeyRotationApi>(
  "KeyRotationApi",
  core.KEY_ROTATION_API,
);
export type KeyRotationApi = core.KeyRotationApi;

/** Isolation, to inject: `constructor(private readonly api: IsolationApi)`. */
export const IsolationApi = apiToken<core.IsolationApi>("IsolationApi", core.ISOLATION_API);
export type IsolationApi = core.IsolationApi;

/** The audit log, to inject: `constructor(private readonly api: AuditApi)`. */
export const AuditApi = apiToken<core.AuditApi>("AuditApi", core.AUDIT_API);
export type AuditApi = core.AuditApi;

/** Long operations, to inject: `constructor(private readonly api: OperationsApi)`. */
export const OperationsApi = apiToken<core.OperationsApi>("OperationsApi", core.OPERATIONS_API);
export type OperationsApi = core.OperationsApi;

/** Every token. */
export const API_TOKENS: readonly ApiToken<unknown>[] = [
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
  OperationsApi,
];
