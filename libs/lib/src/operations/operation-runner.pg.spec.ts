import { ForbiddenError } from "@stratum-hq/core";
import { runAs, Stratum } from "@stratum-hq/lib";
import {
  CountingHandler,
  operationsProcess,
  type OperationsProcess,
} from "../../test/operations-process";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { currentCaller } from "../context/caller";

describe("a long operation", () => {
  const t = useStratum();
  const processes: OperationsProcess[] = [];

  beforeAll(async () => {
    await t.stratum.initialize();
    await t.rows("create table public.steps (operation uuid, n int, who text)");
  });
  afterEach(async () => {
    for (const process of processes.splice(0)) await process.app.close();
  });

  /** A process over one connection: what asked for a second one would wait for ever. */
  async function start(...args: Parameters<typeof operationsProcess> | []) {
    const [options = { pool: t.database.newPool({ max: 1 }) }, timings] = args;
    const process = await operationsProcess(options, timings);
    processes.push(process);
    return process;
  }

  const stepsOf = (id: string) =>
    t.rows<{ n: number; who: string }>(
      "select n, who from public.steps where operation = $1 order by n",
      [id],
    );

  it("runs step by step, says how far it is, and returns what it came to", async () => {
    const a = await start();
    const handler = new CountingHandler("a", 3);
    const seen: unknown[] = [];
    handler.during = async (n, { operation }) => {
      seen.push([n, operation.progress.done, (await t.stratum.getOperation(operation.id)).state]);
    };
    a.runner.register(handler);
    const operation = await a.begin({ total: 3 });
    expect(operation.progress).toEqual({ done: 0, total: 3 });
    expect(await a.runner.run(operation)).toEqual({ steps: 3 });
    expect(seen).toEqual([
      [1, 0, "running"],
      [2, 1, "running"],
      [3, 2, "running"],
    ]);
    expect(await t.stratum.getOperation(operation.id)).toMatchObject({
      state: "succeeded",
      progress: { done: 3, total: 3 },
      result: { steps: 3 },
      error: null,
      finished_at: expect.any(String) as string,
    });
  });

  it("exists exactly if the transaction that starts it commits", async () => {
    const a = await start();
    const before = (await t.stratum.listOperations()).data.length;
    const failing = a.database.transaction(async (tx) => {
      await a.runner.start(tx, currentCaller(), { type: "purge", tenant_id: null });
      throw new ForbiddenError("no");
    });
    expect(await codeOf(failing)).toBe("FORBIDDEN");
    expect((await t.stratum.listOperations()).data.length).toBe(before);
  });

  it("is failed by a step that fails, and goes on from there when resumed", async () => {
    const a = await start();
    const handler = new CountingHandler("a", 4);
    handler.during = (n) => {
      if (n === 3) throw new ForbiddenError("not today");
    };
    a.runner.register(handler);
    const operation = await a.begin();
    expect(await codeOf(a.runner.run(operation))).toBe("FORBIDDEN");
    expect(await t.stratum.getOperation(operation.id)).toMatchObject({
      state: "failed",
      error: { code: "FORBIDDEN", message: "not today" },
      progress: { done: 2, total: 4 },
    });
    handler.during = () => undefined;
    const stratum = a.app.get(Stratum);
    const done = await stratum.resumeOperation(operation.id);
    expect(done).toMatchObject({ state: "succeeded", error: null, result: { steps: 4 } });
    expect((await stepsOf(operation.id)).map(({ n }) => n)).toEqual([1, 2, 3, 4]);
    expect(await codeOf(stratum.resumeOperation(operation.id))).toBe("INVALID_OPERATION_STATE");
  });

  it("keeps nothing of an error that is not Stratum's own", async () => {
    const a = await start();
    const handler = new CountingHandler("a", 1);
    handler.during = () => {
      throw new TypeError("password=hunter2");
    };
    a.runner.register(handler);
    const operation = await a.begin();
    expect(await codeOf(a.runner.run(operation))).toBe("INTERNAL_ERROR");
    const [row] = await t.rows<{ text: string }>(
      "select o::text as text from stratum.operations as o where id = $1",
      [operation.id],
    );
    expect(row!.text).toContain("INTERNAL_ERROR");
    expect(row!.text).not.toContain("hunter2");
  });

  it("is cancelled between two steps, and can be resumed", async () => {
    const a = await start({ pool: t.database.newPool({ max: 1 }) });
    const handler = new CountingHandler("a", 5);
    let cancelled: Promise<unknown> = Promise.resolve();
    handler.during = async (n, { operation }) => {
      if (n !== 2) return;
      // It waits for the end of this step.
      cancelled = t.stratum.cancelOperation(operation.id);
      await waitingFor("advisory");
    };
    a.runner.register(handler);
    const operation = await a.begin();
    expect(await codeOf(a.runner.run(operation))).toBe("OPERATION_CANCELLED");
    expect(await cancelled).toMatchObject({ state: "running", cancel_requested: true });
    // The next step would have been quick; but it was not its turn.
    expect(await stepsOf(operation.id)).toHaveLength(2);
    expect(await t.stratum.cancelOperation(operation.id)).toMatchObject({ state: "cancelled" });
    expect(await a.app.get(Stratum).resumeOperation(operation.id)).toMatchObject({
      state: "succeeded",
      cancel_requested: false,
    });
    expect((await stepsOf(operation.id)).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
    const actions = (await t.stratum.queryAuditLogs({ resource_id: operation.id })).map(
      ({ action, before_state, after_state }) => [action, before_state, after_state],
    );
    const state = (state: string, cancel_requested: boolean) => ({
      ...{ type: "purge", state, cancel_requested },
    });
    expect(actions).toEqual([
      ["operation.resumed", state("cancelled", true), state("running", false)],
      ["operation.cancelled", state("running", false), state("running", true)],
    ]);
  });

  it("that must be finished cannot be cancelled, nor one that has ended", async () => {
    const a = await start();
    const handler = new CountingHandler("a", 3, 2);
    const codes: string[] = [];
    handler.during = async (n, { operation, tx }) => {
      if (n < 3) return;
      const [row] = await tx.query("select cancellable from stratum.operations where id = $1", [
        operation.id,
      ]);
      expect(row).toEqual({ cancellable: false });
    };
    a.runner.register(handler);
    const [late, never] = [await a.begin(), await a.begin({ cancellable: false })];
    codes.push(await codeOf(t.stratum.cancelOperation(never.id)));
    await a.runner.run(late);
    codes.push(await codeOf(t.stratum.cancelOperation(late.id)));
    expect(codes).toEqual(["INVALID_OPERATION_STATE", "INVALID_OPERATION_STATE"]);
    expect(await codeOf(a.runner.run(never))).toBe("ok");
  });

  /** Waits until somebody waits for a lock of a kind. */
  async function waitingFor(event: string): Promise<void> {
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event = $1`;
    for (let tries = 0; (await t.rows(waiting, [event])).length === 0; tries += 1) {
      if (tries > 400) throw new TypeError(`nobody waits for ${event}`);
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  it("of a process that was too slow is another's: the slow one commits nothing more", async () => {
    const pool = t.database.newPool({ max: 1 });
    const slow = await start({ pool });
    const quick = await start({ pool: t.database.newPool() }, { stale: 0 });
    const handler = new CountingHandler("slow", 6);
    let held: Promise<{ release(): void }> | undefined;
    // The test queues for the only connection, and so comes between two steps.
    handler.during = (n) => {
      if (n === 3) held = pool.connect();
    };
    slow.runner.register(handler);
    quick.runner.register(new CountingHandler("quick", 6));
    const operation = await slow.begin();
    const run = codeOf(slow.runner.run(operation));
    while (held === undefined) await new Promise((done) => setTimeout(done, 1));
    const client = await held;
    // It has taken over, and stopped in the middle, before the slow one wakes.
    const taken = await quick.runner.takeOver(0);
    expect(taken).toMatchObject({ id: operation.id, attempts: 1, checkpoint: { n: 3 } });
    client.release();
    expect(await run).toBe("OPERATION_INTERRUPTED");
    expect(await t.stratum.getOperation(operation.id)).toMatchObject({ state: "running" });
    await quick.runner.run(taken!);
    expect(await stepsOf(operation.id)).toEqual([
      ...[1, 2, 3].map((n) => ({ n, who: "slow" })),
      ...[4, 5, 6].map((n) => ({ n, who: "quick" })),
    ]);
  });

  it("in the middle of a step is nobody else's, however long the step takes", async () => {
    const slow = await start();
    const quick = await start({ pool: t.database.newPool() }, { stale: 0 });
    quick.runner.register(new CountingHandler("quick", 2));
    const handler = new CountingHandler("slow", 2);
    handler.during = async () => {
      expect(await quick.runner.takeOver(0)).toBeUndefined();
    };
    slow.runner.register(handler);
    const operation = await slow.begin();
    await slow.runner.run(operation);
    expect((await stepsOf(operation.id)).map(({ who }) => who)).toEqual(["slow", "slow"]);
  });

  it("that a dead process left is taken up by one of all that look for it", async () => {
    const dead = await start();
    const abandoned = await Promise.all(Array.from({ length: 6 }, () => dead.begin()));
    const living = await Promise.all(
      ["x", "y", "z"].map(async (who) => {
        const process = await start({ pool: t.database.newPool() }, { stale: 0 });
        process.runner.register(new CountingHandler(who, 1));
        return process;
      }),
    );
    await Promise.all(living.map(({ worker }) => worker.look()));
    for (const { id } of abandoned) {
      expect(await t.stratum.getOperation(id)).toMatchObject({ state: "succeeded" });
      expect(await stepsOf(id)).toHaveLength(1);
    }
  });

  it("is left alone while its process is alive, by who cannot do it, and by who is not to", async () => {
    const dead = await start();
    const operation = await dead.begin();
    const patient = await start();
    patient.runner.register(new CountingHandler("patient", 1));
    await patient.worker.look();
    const unable = await start({ pool: t.database.newPool() }, { stale: 0 });
    Object.defineProperty(unable.runner, "types", { value: ["export"] });
    await unable.worker.look();
    expect(await t.stratum.getOperation(operation.id)).toMatchObject({ attempts: 1 });
    const options = { pool: t.database.newPool(), worker: false };
    const off = await start(options, { stale: 0, poll: 1 });
    off.runner.register(new CountingHandler("off", 1));
    await new Promise((done) => setTimeout(done, 100));
    expect(await stepsOf(operation.id)).toEqual([]);
    const on = await start({ pool: t.database.newPool() }, { stale: 0, poll: 1 });
    on.runner.register(new CountingHandler("on", 1));
    while ((await stepsOf(operation.id)).length === 0)
      await new Promise((done) => setTimeout(done, 5));
  });

  it("that takes down every process ends as failed", async () => {
    const a = await start({ pool: t.database.newPool() }, { stale: 0 });
    const handler = new CountingHandler("a", 2);
    a.runner.register(handler);
    const operation = await a.begin();
    for (let crash = 0; crash < 9; crash += 1) await a.runner.takeOver(0);
    expect(await t.stratum.getOperation(operation.id)).toMatchObject({
      state: "running",
      attempts: 10,
    });
    expect(await a.runner.takeOver(0)).toBeUndefined();
    expect(await t.stratum.getOperation(operation.id)).toMatchObject({
      state: "failed",
      error: { code: "OPERATION_INTERRUPTED" },
    });
  });

  it("is given back by a process that ends in the middle of it, for any other to take up at once", async () => {
    const dead = await start();
    const operation = await dead.begin();
    const ending = await start({ pool: t.database.newPool() }, { stale: 0 });
    const handler = new CountingHandler("ending", 1000);
    let closing: Promise<void> | undefined;
    handler.during = (n) => {
      if (n === 2) closing = ending.app.close();
    };
    ending.runner.register(handler);
    await ending.worker.look();
    await closing;
    expect(await stepsOf(operation.id)).toHaveLength(2);
    const other = await start({ pool: t.database.newPool() }, { stale: 1_000_000_000 });
    other.runner.register(new CountingHandler("other", 3));
    await other.worker.look();
    expect((await stepsOf(operation.id)).map(({ who }) => who)).toEqual([
      ...["ending", "ending", "other"],
    ]);
  });

  it("acts for who started it, whichever process goes on", async () => {
    const { root } = await t.grow(["root"]);
    const actor = { actor_id: "alice", actor_type: "jwt", tenant_id: root!.id } as const;
    const dead = await start();
    const audit = { ...actor, source_ip: "203.0.113.7", request_id: "r-1" };
    const operation = await runAs(audit, () => dead.begin({ tenant_id: root!.id }));
    const living = await start({ pool: t.database.newPool() }, { stale: 0 });
    const handler = new CountingHandler("living", 1);
    let caller: unknown;
    handler.during = (_n, step) => void (caller = step.caller);
    living.runner.register(handler);
    await runAs({ actor_id: "somebody else", actor_type: "jwt" }, () => living.worker.look());
    expect(caller).toMatchObject({
      ...{ actor_id: "alice", actor_type: "jwt", source_ip: "203.0.113.7", request_id: "r-1" },
      bound_to: root!.id,
    });
    expect(await t.stratum.getOperation(operation.id)).toMatchObject({ actor_id: "alice" });
  });

  it("is looked for no more once the pool has ended", async () => {
    const failures: unknown[] = [];
    const note = (error: unknown): void => void failures.push(error);
    process.on("unhandledRejection", note);
    for (const max of [1, 4]) {
      const pool = t.database.newPool({ max });
      const { worker, app } = await operationsProcess({ pool }, { poll: 1, stale: 0 });
      await new Promise((done) => setTimeout(done, 20));
      await pool.end();
      await worker.look();
      await new Promise((done) => setTimeout(done, 20));
      await app.close();
    }
    process.off("unhandledRejection", note);
    expect(failures).toEqual([]);
  });
});
