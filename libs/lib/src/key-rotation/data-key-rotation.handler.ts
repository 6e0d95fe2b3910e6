import { Injectable } from "@nestjs/common";
import type { JsonObject } from "@stratum-hq/core";
import { DataKeyStore } from "../crypto/data-key.store";
import { Encryption } from "../crypto/encryption";
import { placeIn, type SealedColumn } from "../crypto/sealed-column";
import type { OperationHandler, OperationStep, StepOutcome } from "../operations/operation-handler";
import { OperationRunner } from "../operations/operation-runner";
import type { Transaction } from "../persistence/transaction";
import { SealedValueStore, type SealedValue } from "./sealed-value.store";

/** Values of one step. */
const BATCH = 200;

/** What a rotation came to. */
export interface ReencryptionResult extends JsonObject {
  readonly version: number;
  readonly values_rotated: number;
  readonly values_unreadable: number;
  readonly destroyed_key_ids: string[];
}

/** Where it goes on: passes over the columns, until one finds nothing that it can do. */
interface Checkpoint extends JsonObject {
  readonly column: number;
  readonly after: string;
  /** Values of this pass: written anew, and not readable. */
  readonly rotated: number;
  readonly unreadable: number;
}

const FIRST_OF_PASS: Checkpoint = { column: 0, after: "", rotated: 0, unreadable: 0 };

interface Owner {
  readonly tenant_id: string | null;
  readonly version: number;
}

/** Encrypts an owner's values anew, some at a time. */
@Injectable()
export class DataKeyRotationHandler implements OperationHandler {
  readonly type = "data_key_rotation";

  constructor(
    runner: OperationRunner,
    private readonly keyStore: DataKeyStore,
    private readonly encryption: Encryption,
    private readonly store: SealedValueStore,
  ) {
    runner.register(this);
  }

  async step(step: OperationStep): Promise<StepOutcome> {
    const { tx, operation } = step;
    const { tenant_id, progress } = operation;
    const owner = { tenant_id, version: operation.params["version"] as number };
    const at: Checkpoint = { ...FIRST_OF_PASS, ...operation.checkpoint };
    const column = this.store.columnsOf(tenant_id)[at.column];
    if (column === undefined) return this.finish(step, owner, at);
    const page = { after: at.after, limit: BATCH };
    const values = await this.store.sealedBefore(tx, column, owner, page);
    const last = values.at(-1);
    if (last === undefined) {
      return { progress, checkpoint: { ...at, column: at.column + 1, after: "" } };
    }
    const rotated = await this.encryptAnew(tx, column, owner, values);
    return {
      progress: { ...progress, done: progress.done + rotated },
      checkpoint: {
        ...at,
        after: last.row,
        rotated: at.rotated + rotated,
        unreadable: at.unreadable + values.length - rotated,
      },
    };
  }

  /** How many of the values could be. */
  private async encryptAnew(
    tx: Transaction,
    column: SealedColumn,
    { tenant_id }: Owner,
    values: readonly SealedValue[],
  ): Promise<number> {
    const sealed = values.map(({ row, sealed }) => ({
      place: placeIn(column, tenant_id, row),
      sealed,
    }));
    const opened = await this.encryption.open(sealed, await this.keyStore.find(tx, tenant_id));
    const readable = sealed.flatMap(({ place }, index) => {
      const plaintext = opened[index]?.plaintext ?? null;
      return plaintext === null ? [] : [{ place, plaintext }];
    });
    const anew = await this.encryption.seal(tx, readable);
    const replaced = readable.map(({ place: { row } }, index) => ({
      row,
      sealed: anew[index] as string,
    }));
    if (replaced.length > 0) await this.store.replace(tx, column, tenant_id, replaced);
    return replaced.length;
  }

  /**
   * Destroys the versions before, unless values are left that they have sealed. Their rows are locked
   * first: who encrypts under one of them has counted a use of it, and commits before the lock is had.
   */
  private async finish(
    { tx, operation: { progress } }: OperationStep,
    owner: Owner,
    at: Checkpoint,
  ): Promise<StepOutcome> {
    const { tenant_id, version } = owner;
    await this.keyStore.lockBefore(tx, tenant_id, version);
    const left = await this.isAnythingLeft(tx, owner);
    if (left && (at.rotated > 0 || at.unreadable === 0)) {
      return { progress, checkpoint: FIRST_OF_PASS };
    }
    const result: ReencryptionResult = {
      version,
      values_rotated: progress.done,
      values_unreadable: at.unreadable,
      destroyed_key_ids: left ? [] : await this.keyStore.destroyBefore(tx, tenant_id, version),
    };
    return { progress: { done: progress.done, total: progress.done }, result };
  }

  private async isAnythingLeft(tx: Transaction, owner: Owner): Promise<boolean> {
    for (const column of this.store.columnsOf(owner.tenant_id)) {
      const page = { after: "", limit: 1 };
      if ((await this.store.sealedBefore(tx, column, owner, page)).length > 0) return true;
    }
    return false;
  }
}
