import { AbacPolicyEntity } from "../abac/abac-policy.entity";
import { ApiKeyEntity } from "../api-keys/api-key.entity";
import { AuditLogEntity } from "../audit/audit-log.entity";
import { ConfigEntryEntity } from "../config-inheritance/config-entry.entity";
import { ConsentRecordEntity } from "../consent/consent-record.entity";
import { DataKeyEntity } from "../crypto/data-key.entity";
import { PlatformSecretEntity } from "../crypto/platform-secret.entity";
import { PurgeCertificateEntity } from "../gdpr/purge-certificate.entity";
import { PurgedTenantEntity } from "../gdpr/purged-tenant.entity";
import { ReplacedContextKeyEntity } from "../context-keys/replaced-context-key.entity";
import { OperationEntity } from "../operations/operation.entity";
import { PermissionBanEntity } from "../permissions/permission-ban.entity";
import { PermissionPolicyEntity } from "../permissions/permission-policy.entity";
import { PrincipalRoleEntity } from "../roles/principal-role.entity";
import { RegionEntity } from "../regions/region.entity";
import { RoleEntity } from "../roles/role.entity";
import { TenantEntity } from "../tenancy/tenant.entity";
import { UsageEventEntity } from "../usage/usage-event.entity";
import { WebhookEventEntity } from "./webhook-event.entity";

/** Every table of schema `stratum`, as TypeORM maps it. */
export const ENTITIES = [
  RegionEntity,
  TenantEntity,
  ConfigEntryEntity,
  PermissionPolicyEntity,
  PermissionBanEntity,
  AbacPolicyEntity,
  UsageEventEntity,
  ConsentRecordEntity,
  RoleEntity,
  PrincipalRoleEntity,
  ApiKeyEntity,
  DataKeyEntity,
  OperationEntity,
  PurgeCertificateEntity,
  PurgedTenantEntity,
  PlatformSecretEntity,
  ReplacedContextKeyEntity,
  AuditLogEntity,
  WebhookEventEntity,
];
