import { Inject, Injectable } from "@nestjs/common";
import type { Caller } from "../context/caller";
import { EVENT_TYPES, type EventTypes } from "./event-types";
import { IdGenerator } from "./id-generator";
import {
  MutationLogStore,
  type AuditChange,
  type OutboxEvent,
  type SetChange,
} from "./mutation-log.store";
import type { Transaction } from "./transaction";

/**
 * The one way to put a change on record: its audit rows and its events are written by the
 * transaction that makes it, and commit with it or not at all.
 */
@Injectable()
export class MutationLog {
  constructor(
    private readonly store: MutationLogStore,
    private readonly ids: IdGenerator,
    @Inject(EVENT_TYPES) private readonly types: EventTypes,
  ) {}

  /** Records changes that the transaction made. */
  async record(
    tx: Transaction,
    caller: Caller,
    changes: readonly AuditChange[],
    events: readonly OutboxEvent[],
  ): Promise<void> {
    for (const event of events) this.announce(tx, event);
    await this.store.insert(tx, caller, changes, events, this.ids.next());
  }

  /**
   * Makes a set-based change and records it in the same statement: one audit row for each tenant
   * touched, one event in all, none where nothing was touched. Returns how many rows were.
   */
  async recordBulk(tx: Transaction, caller: Caller, change: SetChange): Promise<number> {
    if (change.event !== null) this.announce(tx, change.event);
    return this.store.insertSet(tx, caller, change, this.ids.next());
  }

  /** Has caches forget what the event changes. */
  private announce(tx: Transaction, { type, tenant_id }: OutboxEvent): void {
    const invalidated = this.types[type];
    if (invalidated === undefined)
      throw new Error(`Declare the event "${type}" in the *.feature.ts of its feature`);
    if (invalidated === "subtree") tx.markChanged(tenant_id);
  }
}
