import type { Caller } from "../context/caller";
import type { MutationLog } from "../persistence/mutation-log";
import type { AuditChange, OutboxEvent, SetChange } from "../persistence/mutation-log.store";
import type { Transaction } from "../persistence/transaction";
import { requireSameTree, type HeldTrees } from "./tree-locks.store";

/** One attempt of a caller's change: its transaction, with the locks held and the tenant checked. */
export class Mutation<Subject> {
  constructor(
    readonly tx: Transaction,
    readonly caller: Caller,
    /** The tenant that is changed, as it was read under the locks; null for the platform. */
    readonly tenant: Subject,
    private readonly held: HeldTrees,
    private readonly log: MutationLog,
  ) {}

  /** Puts changes that the transaction made on record, with the events that tell of them. */
  async record(changes: readonly AuditChange[], events: readonly OutboxEvent[]): Promise<void> {
    await this.log.record(this.tx, this.caller, changes, events);
  }

  /** Makes a set-based change and records it in the same statement; how many rows it touched. */
  async recordBulk(change: SetChange): Promise<number> {
    return this.log.recordBulk(this.tx, this.caller, change);
  }

  /**
   * Starts over if a tenant that was locked beside the mutation's own (`others`) has moved to another tree
   * meanwhile.
   */
  requireSameTree(tenant: { readonly id: string; readonly path: string }): void {
    requireSameTree(this.held, tenant);
  }
}
