import { Injectable } from "@nestjs/common";
import { MasterKeyUnavailableError, type JsonObject } from "@stratum-hq/core";
import { DataKeyStore, type DataKeyRow } from "../crypto/data-key.store";
import { DataKeys } from "../crypto/data-keys";
import type { OperationHandler, OperationStep, StepOutcome } from "../operations/operation-handler";
import { OperationRunner } from "../operations/operation-runner";
import type { Transaction } from "../persistence/transaction";

/** Data keys of one step: as many requests to the key provider at once. */
const BATCH = 100;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** What a rotation was asked for. */
export interface MasterKeyRotationParams extends JsonObject {
  /** The master key to leave; null for every one but the new one. */
  readonly from: string | null;
  readonly to: string;
}

/** What it came to. */
export interface RewrappingResult extends JsonObject {
  readonly data_keys_rotated: number;
}

/** Where it goes on: passes over the table, until one finds nothing that it can do. */
interface Checkpoint extends JsonObject {
  /** Whoever takes the operation up begins a pass of its own: keys may have come back since. */
  readonly claim: string;
  readonly after: string;
  readonly rewrapped: number;
}

/** Wraps data keys anew, some at a time. */
@Injectable()
export class MasterKeyRotationHandler implements OperationHandler {
  readonly type = "key_rotation";

  constructor(
    runner: OperationRunner,
    private readonly store: DataKeyStore,
    private readonly keys: DataKeys,
  ) {
    runner.register(this);
  }

  async step({ tx, operation }: OperationStep): Promise<StepOutcome> {
    const { from, to } = operation.params as MasterKeyRotationParams;
    const { done } = operation.progress;
    const { claim_id: claim } = operation;
    const firstOfPass: Checkpoint = { claim, after: FIRST, rewrapped: 0 };
    const saved = operation.checkpoint as Partial<Checkpoint>;
    const at = saved.claim === claim ? (saved as Checkpoint) : firstOfPass;
    const total =
      operation.progress.total ?? (await this.store.countWrappedOtherwise(tx, to, from));
    const rows = await this.store.wrappedOtherwise(tx, to, from, { after: at.after, limit: BATCH });
    const last = rows.at(-1);
    if (last !== undefined) {
      const rewrapped = await this.rewrap(tx, rows);
      return {
        progress: { done: done + rewrapped, total },
        checkpoint: { claim, after: last.id, rewrapped: at.rewrapped + rewrapped },
      };
    }
    const [left] = await this.store.wrappedOtherwise(tx, to, from, { after: FIRST, limit: 1 });
    if (left === undefined)
      return { progress: { done, total }, result: { data_keys_rotated: done } };
    if (at.rewrapped === 0) throw new MasterKeyUnavailableError(left.master_key_id);
    // A process of another configuration may have wrapped keys under the old one meanwhile.
    return { progress: { done, total }, checkpoint: firstOfPass };
  }

  /** How many could be: one whose master key is not at hand does not keep the others. */
  private async rewrap(tx: Transaction, rows: readonly DataKeyRow[]): Promise<number> {
    const settled = await Promise.allSettled(rows.map(async (row) => this.keys.rewrap(row)));
    const wrapped = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    if (wrapped.length > 0) await this.store.rewrap(tx, wrapped);
    return wrapped.length;
  }
}
