import { Injectable } from "@nestjs/common";
import {
  AUDIT_RETENTION_DAYS,
  chainOf,
  EVENT_RETENTION_DAYS,
  ForbiddenError,
  RETENTION_BATCH_ROWS,
  RETENTION_BATCH_TENANTS,
  retentionDaysSchema,
  retentionScopeSchema,
  TenantOnLegalHoldError,
  validate,
  type AuditContext,
  type RetentionResult,
  type RetentionScopeInput,
  type TenantPath,
  type RetentionApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { isPlatformAdmin, type Caller } from "../context/caller";
import { requireVisible } from "../tenancy/access";
import { TenantStore } from "../tenancy/tenant.store";
import { RetentionBatches, type RetentionRun } from "./retention-batches";
import { RetentionKinds, type RetentionKind } from "./retention-kind";
import { planRetention, type RetainedTenant } from "./retention-plan";
import { RetentionStore } from "./retention.store";

/** Whose records a call is about: a subtree, a tenant alone, or everybody (`path` null). */
interface Reach {
  readonly path: TenantPath | null;
  readonly alone: RetainedTenant | null;
}

/** Deletes what has been kept for long enough. */
@Injectable()
export class RetentionService implements Pick<
  RetentionApi,
  "purgeExpiredData" | "purgeExpiredAuditLogs"
> {
  constructor(
    private readonly tenants: TenantStore,
    private readonly store: RetentionStore,
    private readonly kinds: RetentionKinds,
    private readonly batches: RetentionBatches,
  ) {}

  async purgeExpiredData(
    days: number = EVENT_RETENTION_DAYS,
    scope?: RetentionScopeInput | AuditContext,
    audit?: AuditContext,
  ): Promise<RetentionResult> {
    const call = readOptions(retentionScopeSchema, scope, audit);
    const defaultDays = validate(retentionDaysSchema, days, "days");
    return this.expire({ kind: this.kinds.events, defaultDays, ...call });
  }

  async purgeExpiredAuditLogs(
    scope?: RetentionScopeInput | AuditContext,
    audit?: AuditContext,
  ): Promise<RetentionResult> {
    const call = readOptions(retentionScopeSchema, scope, audit);
    return this.expire({
      kind: this.kinds.auditLogs,
      defaultDays: AUDIT_RETENTION_DAYS,
      ...call,
    });
  }

  private async expire(call: {
    readonly kind: RetentionKind;
    readonly defaultDays: number;
    readonly caller: Caller;
    readonly options: RetentionScopeInput;
  }): Promise<RetentionResult> {
    const { kind, defaultDays, caller } = call;
    const reach = await this.reachOf(call.options, caller);
    const run = { kind, caller, limit: RETENTION_BATCH_ROWS };
    let deleted_count = reach.path === null ? await this.batches.takeOthers(run, defaultDays) : 0;
    let after: TenantPath | null = null;
    for (;;) {
      const page: RetainedTenant[] =
        reach.alone !== null
          ? [reach.alone]
          : await this.store.page(reach.path, after, RETENTION_BATCH_TENANTS);
      deleted_count += await this.expirePage(page, run, defaultDays);
      after = page.at(-1)?.path ?? null;
      if (reach.alone !== null || page.length < RETENTION_BATCH_TENANTS) return { deleted_count };
    }
  }

  private async expirePage(
    page: readonly RetainedTenant[],
    run: RetentionRun,
    defaultDays: number,
  ): Promise<number> {
    const chains = [...new Set(page.flatMap(({ path }) => chainOf(path)))];
    const levels = await this.store.levels(chains, run.kind.key);
    let deleted = 0;
    for (const group of planRetention(page, levels, run.kind.key, defaultDays)) {
      deleted += await this.batches.take(run, group);
    }
    return deleted;
  }

  private async reachOf(
    { tenant_id, include_descendants }: RetentionScopeInput,
    caller: Caller,
  ): Promise<Reach> {
    if (tenant_id === undefined) {
      if (isPlatformAdmin(caller)) return { path: null, alone: null };
      throw new ForbiddenError(
        "Only the platform's administrators do this for everybody. Name a tenant_id.",
        { tenant_id: caller.bound_to },
      );
    }
    const { id, path, legal_hold } = requireVisible(
      await this.tenants.findById(tenant_id),
      caller,
      { tenant_id },
    );
    if (legal_hold) throw new TenantOnLegalHoldError(id, "expire records");
    return { path, alone: include_descendants === true ? null : { id, path } };
  }
}
