import { Test } from "@nestjs/testing";
import { StratumModule, type StratumOptions } from "@stratum-hq/lib";
import type { INestApplicationContext } from "@nestjs/common";
import type { JsonObject } from "@stratum-hq/core";
import { currentCaller } from "../src/context/caller";
import { OperationAttendant } from "../src/operations/operation-attendant";
import type {
  OperationHandler,
  OperationStep,
  StepOutcome,
} from "../src/operations/operation-handler";
import type { NewOperation, OperationRow } from "../src/operations/operation-row";
import { OperationRunner } from "../src/operations/operation-runner";
import { OperationTimings } from "../src/operations/operation-timings";
import { OperationWorker } from "../src/operations/operation-worker";
import { Database } from "../src/persistence/database";

/** A process that runs long operations, as far as tests look inside. */
export interface OperationsProcess {
  readonly app: INestApplicationContext;
  readonly database: Database;
  readonly runner: OperationRunner;
  readonly attendant: OperationAttendant;
  readonly worker: OperationWorker;
  /** Starts an operation of no tenant, or of the one named, on behalf of the caller in context. */
  begin(input?: Partial<NewOperation>): Promise<OperationRow>;
}

/** @param timings in milliseconds; nothing is looked for by itself, and nothing is ever stale, unless said. */
export async function operationsProcess(
  options: StratumOptions,
  timings: Partial<OperationTimings> = {},
): Promise<OperationsProcess> {
  const app = await Test.createTestingModule({ imports: [StratumModule.forRoot(options)] })
    .overrideProvider(OperationTimings)
    .useValue({ heartbeat: 10, stale: 3_600_000, poll: 3_600_000, ...timings })
    .compile();
  await app.init();
  const of = { strict: false } as const;
  const database = app.get(Database, of);
  const runner = app.get(OperationRunner, of);
  return {
    app,
    database,
    runner,
    attendant: app.get(OperationAttendant, of),
    worker: app.get(OperationWorker, of),
    begin: async (input = {}) =>
      database.transaction(async (tx) =>
        runner.start(tx, currentCaller(), { type: "purge", tenant_id: null, ...input }),
      ),
  };
}

/** Writes one row a step into table `public.steps`: its number, and who wrote it. */
export class CountingHandler implements OperationHandler {
  readonly type = "purge";
  /** Called within a step, before it writes. */
  during: (n: number, step: OperationStep) => Promise<void> | void = () => undefined;

  constructor(
    private readonly who: string,
    private readonly steps: number,
    private readonly cancellableUntil = Number.POSITIVE_INFINITY,
  ) {}

  async step(step: OperationStep): Promise<StepOutcome> {
    const n = Number(step.operation.checkpoint.n ?? 0) + 1;
    await this.during(n, step);
    await step.tx.query("insert into public.steps (operation, n, who) values ($1, $2, $3)", [
      ...[step.operation.id, n, this.who],
    ]);
    const result: JsonObject = { steps: n };
    return {
      progress: { done: n, total: this.steps },
      checkpoint: { n },
      cancellable: n < this.cancellableUntil,
      ...(n === this.steps ? { result } : {}),
    };
  }
}
