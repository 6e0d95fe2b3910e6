import { AuditLogEntity } from "../audit/audit-log.entity";
import { ConfigEntryEntity } from "../config-inheritance/config-entry.entity";
import { TenantEntity } from "../tenancy/tenant.entity";
import { WebhookEventEntity } from "./webhook-event.entity";

/** Every table of schema `stratum`, as TypeORM maps it. */
export const ENTITIES = [TenantEntity, ConfigEntryEntity, AuditLogEntity, WebhookEventEntity];
