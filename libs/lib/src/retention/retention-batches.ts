import { Injectable } from "@nestjs/common";
import type { JsonObject } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { Clock } from "../persistence/clock";
import type { AuditChange } from "../persistence/mutation-log.store";
import { Mutations } from "../tenancy/mutations";
import type { RetentionKind } from "./retention-kind";
import type { RetentionGroup } from "./retention-plan";
import { RetentionStore } from "./retention.store";

const DAY_MS = 86_400_000;

/** What one call of retention deletes, for whom, and how much at a time. */
export interface RetentionRun {
  readonly kind: RetentionKind;
  readonly caller: Caller;
  readonly limit: number;
}

/** Deletes old records batch by batch, each with its audit rows in a short transaction of its own. */
@Injectable()
export class RetentionBatches {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: RetentionStore,
    private readonly clock: Clock,
  ) {}

  /** Deletes the tenants' records that are older than their days; how many. */
  async take({ kind, caller, limit }: RetentionRun, group: RetentionGroup): Promise<number> {
    const before = this.cutoff(group.days);
    return this.repeat(() =>
      this.mutations.runWithoutTenant({ caller }, async (m) => {
        const ids = await this.store.lock(m.tx, group.tenant_ids);
        const expired = ids.length === 0 ? [] : await kind.take(m.tx, ids, before, limit);
        const changes = expired.map(({ tenant_id, deleted }) =>
          record(kind, tenant_id, { deleted, older_than: before, days: group.days }),
        );
        if (changes.length > 0) await m.record(changes, []);
        return expired.reduce((sum, { deleted }) => sum + deleted, 0);
      }),
    );
  }

  /** The same of the platform's own records, and of tenants that are gone. */
  async takeOthers({ kind, caller, limit }: RetentionRun, days: number): Promise<number> {
    const before = this.cutoff(days);
    return this.repeat(() =>
      this.mutations.runWithoutTenant({ caller }, async (m) => {
        const deleted = await kind.takeOthers(m.tx, before, limit);
        const change = record(kind, null, { deleted, older_than: before, days });
        if (deleted > 0) await m.record([change], []);
        return deleted;
      }),
    );
  }

  private cutoff(days: number): string {
    return new Date(Math.max(0, this.clock.now() - days * DAY_MS)).toISOString();
  }

  /** Until a batch finds nothing left: one that is not full may still be one of several. */
  private async repeat(batch: () => Promise<number>): Promise<number> {
    let total = 0;
    for (;;) {
      const deleted = await batch();
      total += deleted;
      if (deleted === 0) return total;
    }
  }
}

function record(kind: RetentionKind, tenant_id: string | null, deleted: JsonObject): AuditChange {
  return {
    action: "data.expired",
    resource_type: kind.resource_type,
    resource_id: null,
    tenant_id,
    before: deleted,
    after: null,
  };
}
