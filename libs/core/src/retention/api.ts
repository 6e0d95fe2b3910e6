import type { AuditContext } from "../audit/audit.schemas";
import type { RetentionResult, RetentionScopeInput } from "./retention.schemas";
import { body, field, member, type ApiMethod } from "../api/api-method";

/** What is deleted once it is old enough. */
export interface RetentionApi {
  /**
   * Deletes the events that are older than so many days; where `stratum.retention.events_days` is
   * configured for a tenant, that many. Of a tenant, with `include_descendants` of those below too; of all
   * and of the platform where no tenant is named. In batches, each a transaction that leaves its row in the
   * log of every tenant that lost events. Spares tenants on legal hold, and all below them.
   *
   * @throws ValidationError, TenantNotFoundError; TenantOnLegalHoldError where the tenant named is;
   *   ForbiddenError without a tenant but for the platform
   */
  purgeExpiredData(
    days?: number,
    scope?: RetentionScopeInput | AuditContext,
    audit?: AuditContext,
  ): Promise<RetentionResult>;

  /**
   * Deletes the audit rows that are older than `stratum.retention.audit_days` says of their tenant, 400 days
   * where it says nothing. No argument shortens that. Otherwise like {@link purgeExpiredData}.
   *
   * @throws ValidationError, TenantNotFoundError, TenantOnLegalHoldError; ForbiddenError without a tenant but
   *   for the platform; MaintenanceRoleMissingError where the pool's login may not
   */
  purgeExpiredAuditLogs(
    scope?: RetentionScopeInput | AuditContext,
    audit?: AuditContext,
  ): Promise<RetentionResult>;
}

/** How each method of {@link RetentionApi} travels, and what it asks of its caller. */
export const RETENTION_API = {
  purgeExpiredData: {
    effect: "mutator",
    http: "POST /maintenance/purge-expired-data",
    status: 200,
    args: [field("days"), body()],
    scope: "gdpr:purge",
    escalations: [
      { when: ([, scope]) => member(scope, "tenant_id") == null, scope: "platform:admin" },
    ],
  },
  purgeExpiredAuditLogs: {
    effect: "mutator",
    http: "POST /maintenance/purge-expired-audit-logs",
    status: 200,
    args: [body()],
    scope: "gdpr:purge",
    escalations: [
      { when: ([scope]) => member(scope, "tenant_id") == null, scope: "platform:admin" },
    ],
  },
} as const satisfies Record<keyof RetentionApi, ApiMethod>;
