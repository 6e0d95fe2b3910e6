import { Injectable } from "@nestjs/common";
import type { Caller } from "../context/caller";
import { IdGenerator } from "../persistence/id-generator";
import type { Transaction } from "../persistence/transaction";
import { AttendedOperation } from "./attended-operation";
import { AttendedOperationStore } from "./attended-operation.store";
import type { NewOperation, OperationRow } from "./operation-row";
import { OperationTimings } from "./operation-timings";
import { OperationStore } from "./operation.store";

/**
 * Keeps operations on record that serve their caller directly: see {@link AttendedOperation}. One whose
 * process dies ends as failed with OPERATION_INTERRUPTED.
 *
 * @example
 * const row = await this.mutations.run(request, async (m) => {
 *   await m.record([change], []);
 *   return this.attendant.start(m.tx, caller, { type: "export", tenant_id });
 * });
 * const attended = this.attendant.attend(row);
 * try {
 *   for (const part of parts) {
 *     attended.check();
 *     await write(part);
 *     attended.note({ done, total });
 *   }
 *   await attended.succeed({ rows });
 * } catch (error) {
 *   await attended.fail(error);
 *   throw error;
 * }
 */
@Injectable()
export class OperationAttendant {
  constructor(
    private readonly store: OperationStore,
    private readonly attended: AttendedOperationStore,
    private readonly ids: IdGenerator,
    private readonly timings: OperationTimings,
  ) {}

  /** Writes a new operation in the transaction of what asks for it; {@link attend} it after the commit. */
  async start(tx: Transaction, caller: Caller, input: NewOperation): Promise<OperationRow> {
    const ids = { id: this.ids.next(), claim_id: this.ids.next(), resumable: false };
    return this.store.insert(tx, caller, ids, input);
  }

  /** Begins to give its signs of life. */
  attend(operation: OperationRow): AttendedOperation {
    return new AttendedOperation(operation, this.attended, this.store, this.timings.heartbeat);
  }
}
