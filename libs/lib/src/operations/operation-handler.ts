import type { JsonObject, OperationProgress, OperationType } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import type { OperationRow } from "./operation-row";

/** What a handler is given for one step. */
export interface OperationStep {
  /** The step's own transaction, in which the claim is fenced already. Nothing else may be touched. */
  readonly tx: Transaction;
  /** The operation as the step before left it: `params`, `progress`, `checkpoint`. */
  readonly operation: OperationRow;
  /** Who started the operation, whichever process runs the step. */
  readonly caller: Caller;
}

/** What a step did; it is written by the step's transaction. */
export interface StepOutcome {
  /** How far the operation is now, for all to see. */
  readonly progress: OperationProgress;
  /** Where the next step goes on; left out, it stays as it is. */
  readonly checkpoint?: JsonObject;
  /** Milliseconds until the next step, a few seconds at most: each is a sign of life. Left out, none. */
  readonly wait?: number;
  /** False: from now on the operation cannot be cancelled. */
  readonly cancellable?: boolean;
  /** What it came to: with it, the operation is done. */
  readonly result?: JsonObject;
}

/**
 * How operations of one type are done. A feature provides it, and hands it to `OperationRunner.register`
 * in its constructor, so that no hook of another module comes before.
 */
export interface OperationHandler {
  readonly type: OperationType;
  /** What steps need and cannot ask for inside of their transactions, where it takes a connection of the pool. */
  prepare?(): Promise<void>;
  /**
   * Does the next piece of work, a second's worth at most: other processes wait for the rows that it
   * locks, and a request to cancel waits for its end. It may run again from the start, as every
   * transaction may, so it touches `tx` alone; or, beside it, what no transaction reaches, such as another
   * server, in ways that may be repeated and by connections of its own: as long as `tx` is open, nobody else
   * does so.
   */
  step(step: OperationStep): Promise<StepOutcome>;
}
