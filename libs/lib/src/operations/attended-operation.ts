import { OperationCancelledError, type JsonObject, type OperationProgress } from "@stratum-hq/core";
import type { Sql } from "../persistence/sql";
import { AttendedOperationStore } from "./attended-operation.store";
import { failureOf } from "./operation-failure";
import type { ClaimedOperation } from "./operation-row";
import type { OperationStore } from "./operation.store";

/**
 * An operation that serves its caller directly, so that no other process can go on with it: an export that
 * streams. A timer writes its signs of life and its progress, beside whatever the work itself does, so
 * that nothing waits for a second connection. End it by {@link succeed} or {@link fail}, always.
 */
export class AttendedOperation {
  readonly #cancelled = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #progress: OperationProgress;
  #beating = false;

  constructor(
    readonly operation: ClaimedOperation & { readonly progress: OperationProgress },
    private readonly store: AttendedOperationStore,
    private readonly operations: OperationStore,
    heartbeatMs: number,
  ) {
    this.#progress = operation.progress;
    this.#timer = setInterval(() => void this.beat(), heartbeatMs).unref();
  }

  /** Aborted, with an OperationCancelledError as its reason, once the operation has been cancelled. */
  get signal(): AbortSignal {
    return this.#cancelled.signal;
  }

  /** Refuses to go on with an operation that has been cancelled. @throws OperationCancelledError */
  check(): void {
    this.signal.throwIfAborted();
  }

  /** Says how far it is; written with the next sign of life. */
  note(progress: OperationProgress): void {
    this.#progress = progress;
  }

  /**
   * Makes an open transaction a sign of life of its own, for as long as it is open: the way to stay alive
   * for work that holds the only connection of a pool.
   */
  async hold(sql: Sql): Promise<void> {
    await this.store.hold(sql, this.operation.id);
  }

  /** Ends it as done. Call it outside of any transaction. */
  async succeed(result: JsonObject): Promise<void> {
    clearInterval(this.#timer);
    await this.store.succeed(this.operation, this.#progress, result);
  }

  /** Ends it as failed or, where it was cancelled, as cancelled. Call it outside of any transaction. */
  async fail(error: unknown): Promise<void> {
    clearInterval(this.#timer);
    const { id, claim_id } = this.operation;
    const cancelled = this.signal.aborted || error instanceof OperationCancelledError;
    await this.operations.end(id, claim_id, cancelled ? null : failureOf(error));
  }

  private async beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    try {
      const cancel = await this.store.beat(this.operation, this.#progress);
      if (cancel) this.#cancelled.abort(new OperationCancelledError(this.operation.id));
    } catch {
      // The next one may come through; the work itself tells its caller what is wrong with the database.
    } finally {
      this.#beating = false;
    }
  }
}
