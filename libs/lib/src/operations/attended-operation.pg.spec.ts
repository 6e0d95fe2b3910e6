import { ForbiddenError } from "@stratum-hq/core";
import { operationsProcess, type OperationsProcess } from "../../test/operations-process";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { currentCaller } from "../context/caller";

describe("an operation that serves its caller directly", () => {
  const t = useStratum();
  let own: OperationsProcess;
  let other: OperationsProcess;

  beforeAll(async () => {
    await t.stratum.initialize();
    own = await operationsProcess({ pool: t.database.newPool({ max: 1 }) });
    other = await operationsProcess({ pool: t.database.newPool() }, { stale: 0 });
  });
  afterAll(async () => {
    await own.app.close();
    await other.app.close();
  });

  async function begin() {
    const { database, attendant } = own;
    const row = await database.transaction(async (tx) =>
      attendant.start(tx, currentCaller(), { type: "export", tenant_id: null }),
    );
    return attendant.attend(row);
  }

  const read = (id: string) => t.stratum.getOperation(id);

  async function until(condition: () => Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((done) => setTimeout(done, 5));
  }

  it("says how far it is while it runs, and what it came to", async () => {
    const attended = await begin();
    const { id } = attended.operation;
    attended.note({ done: 7, total: null, part: "config" });
    await until(async () => (await read(id)).progress.done === 7);
    const { heartbeat_at } = await read(id);
    await until(async () => (await read(id)).heartbeat_at > heartbeat_at);
    attended.note({ done: 9, total: 9 });
    await attended.succeed({ rows: 9 });
    expect(await read(id)).toMatchObject({
      ...{ state: "succeeded", result: { rows: 9 }, progress: { done: 9 }, resumable: false },
    });
    await new Promise((done) => setTimeout(done, 50));
    const { updated_at } = await read(id);
    await new Promise((done) => setTimeout(done, 50));
    expect((await read(id)).updated_at).toBe(updated_at);
  });

  it("fails with what it failed with", async () => {
    const attended = await begin();
    await attended.fail(new ForbiddenError("no"));
    expect(await read(attended.operation.id)).toMatchObject({
      ...{ state: "failed", error: { code: "FORBIDDEN", message: "no" } },
    });
  });

  it("learns that it was cancelled", async () => {
    const attended = await begin();
    const { id } = attended.operation;
    attended.check();
    await t.stratum.cancelOperation(id);
    for (let beat = 0; beat < 2; beat += 1) {
      const { heartbeat_at } = await read(id);
      await until(async () => (await read(id)).heartbeat_at > heartbeat_at);
    }
    expect(attended.signal.aborted).toBe(true);
    const call = new Promise<void>((done) => {
      attended.check();
      done();
    });
    expect(await codeOf(call)).toBe("OPERATION_CANCELLED");
    await attended.fail(new Error("the stream broke off"));
    expect(await read(id)).toMatchObject({ state: "cancelled", error: null });
    expect(await codeOf(t.stratum.resumeOperation(id))).toBe("INVALID_OPERATION_STATE");
  });

  it("is failed by others once it gives no sign of life, and done after all if it was alive", async () => {
    const attended = await begin();
    const { id } = attended.operation;
    await other.worker.look();
    const error = { code: "OPERATION_INTERRUPTED", message: expect.stringContaining(id) as string };
    expect(await read(id)).toMatchObject({ state: "failed", error });
    await attended.succeed({ rows: 1 });
    expect(await read(id)).toMatchObject({ state: "succeeded", error: null });
  });

  it("is alive while it holds the only connection of its pool", async () => {
    const attended = await begin();
    const { id } = attended.operation;
    await own.database.transaction(async (tx) => {
      await attended.hold(tx);
      await other.worker.look();
      expect(await read(id)).toMatchObject({ state: "running" });
    });
    await other.worker.look();
    expect(await read(id)).toMatchObject({ state: "failed" });
    await attended.fail(new Error("ended"));
  });
});
