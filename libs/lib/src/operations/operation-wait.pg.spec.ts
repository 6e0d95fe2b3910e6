import { operationsProcess } from "../../test/operations-process";
import { useStratum } from "../../../../test/support/use-stratum";
import type { OperationHandler, OperationStep, StepOutcome } from "./operation-handler";

/** Asks for a pause after its first step. */
class PausingHandler implements OperationHandler {
  readonly type = "purge";
  steps = 0;

  constructor(private readonly wait: number) {}

  step({ operation }: OperationStep): Promise<StepOutcome> {
    this.steps += 1;
    const done = operation.progress.done + 1;
    const progress = { done, total: 2 };
    return Promise.resolve(
      done === 1 ? { progress, wait: this.wait } : { progress, result: { steps: done } },
    );
  }
}

describe("an operation whose step asks to wait", () => {
  const t = useStratum();

  beforeAll(() => t.stratum.initialize());

  it("holds no connection meanwhile, and goes on by itself", async () => {
    const pool = t.database.newPool({ max: 1 });
    const process = await operationsProcess({ pool });
    const { app, runner } = process;
    runner.register(new PausingHandler(300));
    const operation = await process.begin();
    const running = runner.run(operation);
    const progress = "select progress->>'done' as done from stratum.operations where id = $1";
    const doneOf = async () => (await pool.query<{ done: string }>(progress, [operation.id])).rows;
    let seen = await doneOf();
    while (seen[0]?.done !== "1") seen = await doneOf();
    expect(pool.idleCount).toBe(1);
    expect(await running).toEqual({ steps: 2 });
    await app.close();
  });

  it("is given back at once by a process that ends meanwhile", async () => {
    const process = await operationsProcess({ pool: t.pool });
    const { app, runner } = process;
    const handler = new PausingHandler(3_600_000);
    runner.register(handler);
    const operation = await process.begin();
    const stop = new AbortController();
    const running = runner.run(operation, stop.signal);
    while (handler.steps === 0) await new Promise(setImmediate);
    stop.abort();
    expect(await running).toBeNull();
    expect(
      await t.rows(
        "select state, heartbeat_at = 'epoch' as free from stratum.operations where id = $1",
        [operation.id],
      ),
    ).toEqual([{ state: "running", free: true }]);
    await app.close();
  });
});
