import { Injectable } from "@nestjs/common";
import { setTimeout as sleep } from "node:timers/promises";
import {
  InternalError,
  OPERATION_ATTEMPTS_MAX,
  OperationCancelledError,
  OperationInterruptedError,
  TenantTreeBusyError,
  TransactionConflictError,
  type JsonObject,
  type OperationType,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { Database } from "../persistence/database";
import { IdGenerator } from "../persistence/id-generator";
import type { Transaction } from "../persistence/transaction";
import { failureOf } from "./operation-failure";
import type { OperationHandler, StepOutcome } from "./operation-handler";
import {
  callerOf,
  type ClaimedOperation,
  type NewOperation,
  type OperationRow,
} from "./operation-row";
import { OperationStore } from "./operation.store";

/** Times that a step is tried which loses against other transactions. */
const STEP_ATTEMPTS = 3;

/**
 * Runs long operations step by step. A feature starts one in the transaction of the change that asks for
 * it, with the audit row, so that it exists exactly if that commits; and then runs it:
 *
 * @example
 * const operation = await this.mutations.run(request, async (m) => {
 *   await m.record([change], []);
 *   return this.runner.start(m.tx, caller, { type: "purge", tenant_id, params });
 * });
 * return this.runner.run(operation);
 *
 * Should the process die, the OperationWorker of any other goes on where the last step ended.
 */
@Injectable()
export class OperationRunner {
  readonly #handlers = new Map<OperationType, OperationHandler>();

  constructor(
    private readonly database: Database,
    private readonly store: OperationStore,
    private readonly ids: IdGenerator,
  ) {}

  /** Makes this process one that can do operations of the handler's type. */
  register(handler: OperationHandler): void {
    this.#handlers.set(handler.type, handler);
  }

  /** The types that this process can do. */
  get types(): OperationType[] {
    return [...this.#handlers.keys()];
  }

  /** Writes a new operation, claimed by this process, which has to {@link run} it after the commit. */
  async start(tx: Transaction, caller: Caller, input: NewOperation): Promise<OperationRow> {
    const ids = { id: this.ids.next(), claim_id: this.ids.next(), resumable: true };
    return this.store.insert(tx, caller, ids, input);
  }

  /** Claims an operation for this process, in whichever state it is; {@link run} it after the commit. */
  async takeUp(tx: Transaction, id: string): Promise<OperationRow> {
    return this.store.claim(tx, id, this.ids.next());
  }

  /**
   * Runs an operation to its end, step by step, each in a transaction of its own; its result. The
   * operation is marked as failed where a step fails, save where the database cannot be reached: then it
   * is taken up again, by any process, when it has been silent for long enough.
   *
   * @param stop ends it between two steps, and gives it back; the result is then null
   * @throws OperationCancelledError; OperationInterruptedError when another process has taken it over;
   *   what its step threw
   */
  async run<Result extends JsonObject>(operation: ClaimedOperation): Promise<Result>;
  async run(operation: ClaimedOperation, stop: AbortSignal): Promise<JsonObject | null>;
  async run(operation: ClaimedOperation, stop?: AbortSignal): Promise<JsonObject | null> {
    try {
      for (;;) {
        if (stop?.aborted === true) {
          await this.store.release(operation);
          return null;
        }
        const outcome = await this.attempt(operation);
        if (outcome === "cancelled") throw new OperationCancelledError(operation.id);
        if (outcome.result !== undefined) return outcome.result;
        if (outcome.wait !== undefined) await pause(outcome.wait, stop);
      }
    } catch (error) {
      if (!(error instanceof OperationInterruptedError))
        await this.store.end(operation.id, operation.claim_id, failureOf(error)).catch(ignore);
      throw error;
    }
  }

  /** Takes over one operation that its process has abandoned; undefined where there is none. */
  async takeOver(staleMs: number): Promise<OperationRow | undefined> {
    if (this.types.length === 0) return undefined;
    const found = await this.store.claimAbandoned(this.types, this.ids.next(), staleMs);
    if (found === undefined || found.attempts <= OPERATION_ATTEMPTS_MAX) return found;
    // It has taken too many processes down with it.
    const failure = failureOf(new OperationInterruptedError(found.id));
    await this.store.end(found.id, found.claim_id, failure);
    return this.takeOver(staleMs);
  }

  private async attempt(operation: ClaimedOperation): Promise<StepOutcome | "cancelled"> {
    const handler = this.handlerOf(operation.type);
    await handler.prepare?.();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.database.transaction(async (tx) => this.step(tx, operation, handler));
      } catch (error) {
        if (attempt === STEP_ATTEMPTS || !isOtherTransactions(error)) throw error;
      }
    }
  }

  private async step(
    tx: Transaction,
    claimed: ClaimedOperation,
    handler: OperationHandler,
  ): Promise<StepOutcome | "cancelled"> {
    const operation = await this.store.fence(tx, claimed);
    if (operation === undefined) throw new OperationInterruptedError(claimed.id);
    if (operation.cancel_requested) {
      await this.store.end(claimed.id, claimed.claim_id, null, tx);
      return "cancelled";
    }
    const outcome = await handler.step({ tx, operation, caller: callerOf(operation) });
    await this.store.advance(tx, claimed.id, outcome);
    return outcome;
  }

  private handlerOf(type: OperationType): OperationHandler {
    const handler = this.#handlers.get(type);
    if (handler === undefined)
      throw new InternalError(new Error(`nothing handles operations of type ${type}`));
    return handler;
  }
}

function isOtherTransactions(error: unknown): boolean {
  return error instanceof TenantTreeBusyError || error instanceof TransactionConflictError;
}

/** Lets time pass; for a caller who awaits it, or for a worker, whom it keeps neither alive nor from stopping. */
async function pause(ms: number, stop: AbortSignal | undefined): Promise<void> {
  const options = stop === undefined ? {} : { ref: false, signal: stop };
  await sleep(ms, undefined, options).catch(ignore);
}

function ignore(): undefined {
  return undefined;
}
