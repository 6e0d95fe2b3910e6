import { Injectable } from "@nestjs/common";
import { AuditErasureStore, type ErasedAuditRows } from "../audit/audit-erasure.store";
import type { Transaction } from "../persistence/transaction";
import { RetentionStore } from "./retention.store";

/** A kind of records that expire, and how the old ones of it go. */
export interface RetentionKind {
  /** The audit rows' resource_type. */
  readonly resource_type: string;
  /** The reserved key under which a tenant's days are configured. */
  readonly key: string;
  /** Deletes of the tenants' records of before a time, so many at most. */
  take(tx: Transaction, ids: readonly string[], before: string, limit: number): Promise<Expired[]>;
  /** The same of the platform's own and of tenants that are gone. */
  takeOthers(tx: Transaction, before: string, limit: number): Promise<number>;
}

/** How many records of a tenant went; null for the platform. */
export type Expired = ErasedAuditRows;

/** The kinds of records that expire. */
@Injectable()
export class RetentionKinds {
  readonly events: RetentionKind;
  readonly auditLogs: RetentionKind;

  constructor(store: RetentionStore, erasure: AuditErasureStore) {
    this.events = {
      resource_type: "webhook_event",
      key: "stratum.retention.events_days",
      take: (tx, ids, before, limit) => store.deleteEvents(tx, ids, before, limit),
      takeOthers: (tx, before, limit) => store.deleteOtherEvents(tx, before, limit),
    };
    const erase = (
      tx: Transaction,
      tenant_ids: readonly string[] | null,
      ...rest: [string, number]
    ) => erasure.erase(tx, { tenant_ids, before: rest[0], limit: rest[1] });
    this.auditLogs = {
      resource_type: "audit_log",
      key: "stratum.retention.audit_days",
      take: erase,
      takeOthers: async (tx, before, limit) => {
        const own = await erase(tx, null, before, limit);
        const gone = own.length === 0 ? await store.orphans(tx, before) : [];
        return [...own, ...(await erase(tx, gone, before, limit))].reduce(
          (sum, { deleted }) => sum + deleted,
          0,
        );
      },
    };
  }
}
