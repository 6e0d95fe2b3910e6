import type { Type } from "@nestjs/common";
import { AbacReadService } from "./abac/abac-read.service";
import { AbacWriteService } from "./abac/abac-write.service";
import { ApiKeyIssueService } from "./api-keys/api-key-issue.service";
import { ApiKeyReadService } from "./api-keys/api-key-read.service";
import { ApiKeyRevocationService } from "./api-keys/api-key-revocation.service";
import { ApiKeyRoleService } from "./api-keys/api-key-role.service";
import { ApiKeyValidationService } from "./api-keys/api-key-validation.service";
import { AuditExportService } from "./audit/audit-export.service";
import { AuditService } from "./audit/audit.service";
import { ConfigReadService } from "./config-inheritance/config-read.service";
import { ConfigWriteService } from "./config-inheritance/config-write.service";
import { ContextKeyRotationService } from "./context-key-rotation/context-key-rotation.service";
import { ConsentReadService } from "./consent/consent-read.service";
import { ConsentService } from "./consent/consent.service";
import { TenantContextService } from "./tenant-context/tenant-context.service";
import { PurgeCertificateService } from "./gdpr/purge-certificate.service";
import { PurgeService } from "./gdpr/purge.service";
import { ReferenceTablesService } from "./isolation/reference-tables.service";
import { ProvisioningService } from "./tenant-databases/provisioning.service";
import { IsolationProofService } from "./isolation/isolation-proof.service";
import { TenantPoolService } from "./isolation/tenant-pool.service";
import { TenantWalkService } from "./isolation/tenant-walk.service";
import { OperationControlService } from "./operations/operation-control.service";
import { OperationReadService } from "./operations/operation-read.service";
import { DataKeyRotationService } from "./key-rotation/data-key-rotation.service";
import { MasterKeyRotationService } from "./key-rotation/master-key-rotation.service";
import { TenantExportService } from "./gdpr/tenant-export.service";
import { PermissionBanService } from "./permissions/permission-ban.service";
import { PermissionReadService } from "./permissions/permission-read.service";
import { PermissionWriteService } from "./permissions/permission-write.service";
import { PrincipalRoleService } from "./roles/principal-role.service";
import { PrincipalScopesService } from "./roles/principal-scopes.service";
import { RegionMigrationService } from "./regions/region-migration.service";
import { RegionReadService } from "./regions/region-read.service";
import { RegionService } from "./regions/region.service";
import { RetentionService } from "./retention/retention.service";
import { RoleReadService } from "./roles/role-read.service";
import { RoleService } from "./roles/role.service";
import { TenantCreationService } from "./tenancy/tenant-creation.service";
import { TenantListService } from "./tenancy/tenant-list.service";
import { TenantMoveService } from "./tenancy/tenant-move.service";
import { TenantService } from "./tenancy/tenant.service";
import { TenantStatusService } from "./tenancy/tenant-status.service";
import { TenantTreeService } from "./tenancy/tenant-tree.service";
import { UsageService } from "./usage/usage.service";

/** The services behind the facade: every method of it is a method of one of them. */
export interface Operations
  extends
    Pick<
      TenantService,
      | "getTenant"
      | "getTenantBySlug"
      | "getTenantByExternalId"
      | "getOrganization"
      | "updateTenant"
      | "runInTenant"
    >,
    Pick<TenantCreationService, "createTenant" | "createOrganization" | "batchCreateTenants">,
    Pick<TenantListService, "listTenants" | "listOrganizations">,
    Pick<
      TenantTreeService,
      "getAncestors" | "getRoot" | "getChildren" | "getDescendants" | "listDescendants"
    >,
    Pick<TenantMoveService, "moveTenant" | "reorderTenant">,
    Pick<TenantStatusService, "suspendTenant" | "resumeTenant" | "archiveTenant" | "deleteTenant">,
    Pick<
      ConfigReadService,
      | "resolveConfig"
      | "getConfigWithInheritance"
      | "diffConfig"
      | "computeDrift"
      | "batchComputeDrift"
    >,
    Pick<TenantContextService, "getTenantContext">,
    Pick<ConfigWriteService, "setConfig" | "deleteConfig" | "batchSetConfig">,
    Pick<
      PermissionReadService,
      "resolvePermissions" | "checkPermission" | "explainPermission" | "listPermissionBans"
    >,
    Pick<PermissionWriteService, "createPermission" | "updatePermission" | "deletePermission">,
    Pick<PermissionBanService, "banPermission" | "liftPermissionBan">,
    Pick<AbacReadService, "getAbacPolicies" | "resolveAbacPolicies" | "evaluateAbac">,
    Pick<AbacWriteService, "createAbacPolicy" | "deleteAbacPolicy">,
    Pick<UsageService, "recordUsage" | "aggregateUsage">,
    Pick<ConsentService, "grantConsent" | "revokeConsent">,
    Pick<ConsentReadService, "listConsent" | "getActiveConsent">,
    Pick<TenantExportService, "exportTenantData" | "exportTenantStream">,
    Pick<RegionService, "createRegion" | "updateRegion" | "deleteRegion">,
    Pick<RegionReadService, "getRegion" | "listRegions">,
    Pick<RegionMigrationService, "migrateRegion">,
    Pick<RoleService, "createRole" | "updateRole" | "deleteRole">,
    Pick<RoleReadService, "getRole" | "listRoles">,
    Pick<PrincipalRoleService, "assignRole" | "removeRole">,
    Pick<PrincipalScopesService, "resolvePrincipalScopes">,
    Pick<ApiKeyIssueService, "createApiKey" | "rotateApiKey">,
    Pick<ApiKeyReadService, "getApiKey" | "listApiKeys" | "listDormantKeys">,
    Pick<ApiKeyRevocationService, "revokeApiKey" | "revokeApiKeys">,
    Pick<ApiKeyRoleService, "assignRoleToKey" | "removeRoleFromKey" | "resolveKeyScopes">,
    Pick<ApiKeyValidationService, "validateApiKey">,
    Pick<MasterKeyRotationService, "rotateEncryptionKey">,
    Pick<DataKeyRotationService, "rotateDataKey">,
    Pick<ContextKeyRotationService, "rotateContextKey">,
    Pick<AuditExportService, "exportAuditLogs">,
    Pick<RetentionService, "purgeExpiredData" | "purgeExpiredAuditLogs">,
    Pick<AuditService, "queryAuditLogs" | "getAuditEntry" | "recordAuditEvent">,
    Pick<TenantPoolService, "tenantPool">,
    Pick<ReferenceTablesService, "refreshReferenceTables">,
    Pick<TenantWalkService, "forEachTenant">,
    Pick<ProvisioningService, "provisionTenant">,
    Pick<IsolationProofService, "proveIsolation">,
    Pick<OperationReadService, "getOperation" | "listOperations">,
    Pick<OperationControlService, "cancelOperation" | "resumeOperation">,
    Pick<PurgeService, "purgeTenant">,
    Pick<PurgeCertificateService, "getPurgeCertificate"> {}

/**
 * What a method does: a mutator leaves its audit row, which a test checks of each; a recorder adds a row
 * of its own kind, a record in itself, and leaves no audit row; a runner runs the caller's own code, whose
 * errors pass as they are.
 */
export type Effect = "reader" | "mutator" | "recorder" | "runner";

/** Where each method lives, and what it does to the data. */
export const OPERATIONS: { readonly [Method in keyof Operations]: readonly [Type, Effect] } = {
  createTenant: [TenantCreationService, "mutator"],
  createOrganization: [TenantCreationService, "mutator"],
  batchCreateTenants: [TenantCreationService, "mutator"],
  getTenant: [TenantService, "reader"],
  getTenantBySlug: [TenantService, "reader"],
  getTenantByExternalId: [TenantService, "reader"],
  getOrganization: [TenantService, "reader"],
  updateTenant: [TenantService, "mutator"],
  runInTenant: [TenantService, "runner"],
  listTenants: [TenantListService, "reader"],
  listOrganizations: [TenantListService, "reader"],
  getAncestors: [TenantTreeService, "reader"],
  getRoot: [TenantTreeService, "reader"],
  getChildren: [TenantTreeService, "reader"],
  getDescendants: [TenantTreeService, "reader"],
  listDescendants: [TenantTreeService, "reader"],
  moveTenant: [TenantMoveService, "mutator"],
  reorderTenant: [TenantMoveService, "mutator"],
  suspendTenant: [TenantStatusService, "mutator"],
  resumeTenant: [TenantStatusService, "mutator"],
  archiveTenant: [TenantStatusService, "mutator"],
  deleteTenant: [TenantStatusService, "mutator"],
  resolveConfig: [ConfigReadService, "reader"],
  getConfigWithInheritance: [ConfigReadService, "reader"],
  diffConfig: [ConfigReadService, "reader"],
  computeDrift: [ConfigReadService, "reader"],
  batchComputeDrift: [ConfigReadService, "reader"],
  getTenantContext: [TenantContextService, "reader"],
  setConfig: [ConfigWriteService, "mutator"],
  deleteConfig: [ConfigWriteService, "mutator"],
  batchSetConfig: [ConfigWriteService, "mutator"],
  resolvePermissions: [PermissionReadService, "reader"],
  checkPermission: [PermissionReadService, "reader"],
  explainPermission: [PermissionReadService, "reader"],
  listPermissionBans: [PermissionReadService, "reader"],
  createPermission: [PermissionWriteService, "mutator"],
  updatePermission: [PermissionWriteService, "mutator"],
  deletePermission: [PermissionWriteService, "mutator"],
  banPermission: [PermissionBanService, "mutator"],
  liftPermissionBan: [PermissionBanService, "mutator"],
  createAbacPolicy: [AbacWriteService, "mutator"],
  getAbacPolicies: [AbacReadService, "reader"],
  resolveAbacPolicies: [AbacReadService, "reader"],
  evaluateAbac: [AbacReadService, "reader"],
  deleteAbacPolicy: [AbacWriteService, "mutator"],
  recordUsage: [UsageService, "recorder"],
  aggregateUsage: [UsageService, "reader"],
  grantConsent: [ConsentService, "mutator"],
  revokeConsent: [ConsentService, "mutator"],
  listConsent: [ConsentReadService, "reader"],
  getActiveConsent: [ConsentReadService, "reader"],
  exportTenantData: [TenantExportService, "mutator"],
  exportTenantStream: [TenantExportService, "mutator"],
  createRegion: [RegionService, "mutator"],
  updateRegion: [RegionService, "mutator"],
  deleteRegion: [RegionService, "mutator"],
  getRegion: [RegionReadService, "reader"],
  listRegions: [RegionReadService, "reader"],
  migrateRegion: [RegionMigrationService, "mutator"],
  createRole: [RoleService, "mutator"],
  updateRole: [RoleService, "mutator"],
  deleteRole: [RoleService, "mutator"],
  getRole: [RoleReadService, "reader"],
  listRoles: [RoleReadService, "reader"],
  assignRole: [PrincipalRoleService, "mutator"],
  removeRole: [PrincipalRoleService, "mutator"],
  resolvePrincipalScopes: [PrincipalScopesService, "reader"],
  createApiKey: [ApiKeyIssueService, "mutator"],
  rotateApiKey: [ApiKeyIssueService, "mutator"],
  getApiKey: [ApiKeyReadService, "reader"],
  listApiKeys: [ApiKeyReadService, "reader"],
  listDormantKeys: [ApiKeyReadService, "reader"],
  revokeApiKey: [ApiKeyRevocationService, "mutator"],
  revokeApiKeys: [ApiKeyRevocationService, "mutator"],
  assignRoleToKey: [ApiKeyRoleService, "mutator"],
  removeRoleFromKey: [ApiKeyRoleService, "mutator"],
  resolveKeyScopes: [ApiKeyRoleService, "reader"],
  validateApiKey: [ApiKeyValidationService, "reader"],
  rotateEncryptionKey: [MasterKeyRotationService, "mutator"],
  rotateDataKey: [DataKeyRotationService, "mutator"],
  rotateContextKey: [ContextKeyRotationService, "mutator"],
  exportAuditLogs: [AuditExportService, "mutator"],
  purgeExpiredData: [RetentionService, "mutator"],
  purgeExpiredAuditLogs: [RetentionService, "mutator"],
  queryAuditLogs: [AuditService, "reader"],
  getAuditEntry: [AuditService, "reader"],
  recordAuditEvent: [AuditService, "mutator"],
  tenantPool: [TenantPoolService, "reader"],
  refreshReferenceTables: [ReferenceTablesService, "mutator"],
  forEachTenant: [TenantWalkService, "runner"],
  provisionTenant: [ProvisioningService, "mutator"],
  proveIsolation: [IsolationProofService, "reader"],
  getOperation: [OperationReadService, "reader"],
  listOperations: [OperationReadService, "reader"],
  cancelOperation: [OperationControlService, "mutator"],
  resumeOperation: [OperationControlService, "mutator"],
  purgeTenant: [PurgeService, "mutator"],
  getPurgeCertificate: [PurgeCertificateService, "reader"],
};
