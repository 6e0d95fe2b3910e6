import { Injectable } from "@nestjs/common";
import {
  aggregateUsageSchema,
  MAX_UNPAGED_RESULTS,
  recordUsageSchema,
  ResultTooLargeError,
  tenantIdSchema,
  TransactionConflictError,
  validate,
  type AggregateUsageInput,
  type RecordUsageInput,
  type UsageEvent,
  type UsageTotal,
  type UsageApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { IdGenerator } from "../persistence/id-generator";
import { requireActive, requireVisible } from "../tenancy/access";
import { Mutations } from "../tenancy/mutations";
import { TenantStore } from "../tenancy/tenant.store";
import { UsageStore, type NewUsageEvent, type UsageInsertion } from "./usage.store";

/** Records what tenants use, and adds it up. */
@Injectable()
export class UsageService implements Pick<UsageApi, "recordUsage" | "aggregateUsage"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly tenants: TenantStore,
    private readonly store: UsageStore,
    private readonly ids: IdGenerator,
  ) {}

  async recordUsage(tenantId: string, input: RecordUsageInput): Promise<UsageEvent> {
    const id = validate(tenantIdSchema, tenantId, "tenantId");
    const { metric, quantity, ...given } = validate(recordUsageSchema, input, "input");
    return this.record({
      id: this.ids.next(),
      tenant_id: id,
      metric,
      quantity,
      idempotency_key: given.idempotency_key ?? null,
      metadata: given.metadata ?? {},
      occurred_at: given.occurred_at ?? null,
    });
  }

  async aggregateUsage(query: AggregateUsageInput): Promise<UsageTotal[]> {
    const { tenant_id, include_descendants, ...given } = validate(
      aggregateUsageSchema,
      query,
      "query",
    );
    const row = await this.tenants.findById(tenant_id);
    const { path } = requireVisible(row, currentCaller(), { tenant_id });
    const filters = { metric: given.metric, from: given.from ?? null, to: given.to ?? null };
    const totals = await (include_descendants === true
      ? this.store.totalsOfSubtree(path, filters)
      : this.store.totals(tenant_id, filters));
    if (totals.length <= MAX_UNPAGED_RESULTS) return totals;
    throw new ResultTooLargeError("aggregateUsage({ metric })", "metrics", "for one at a time");
  }

  private async record(event: NewUsageEvent): Promise<UsageEvent> {
    const caller = currentCaller();
    const lookup = { tenant_id: event.tenant_id };
    const insertion = requireVisible(await this.insert(event, caller), caller, lookup);
    requireActive({ id: event.tenant_id, status: insertion.status }, "record usage of");
    if (insertion.event !== null) return insertion.event;
    // Another request was first. A statement of its own sees what it committed; should that be deleted
    // since, this event is the first.
    return (await this.store.findByKey(event)) ?? this.record(event);
  }

  /** In one round trip, or, where the host's isolation level lets rivals fail, in a transaction of ours. */
  private async insert(event: NewUsageEvent, caller: Caller): Promise<UsageInsertion | undefined> {
    const { bound_to } = caller;
    try {
      return await this.store.insert(event, bound_to);
    } catch (error) {
      if (!(error instanceof TransactionConflictError)) throw error;
      return this.mutations.runWithoutTenant({ caller }, (m) =>
        this.store.insert(event, bound_to, m.tx),
      );
    }
  }
}
