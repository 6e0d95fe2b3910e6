import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runChild } from "../../../test/support/child";
import { times } from "../../../test/support/scale";
import { useStratum } from "../../../test/support/use-stratum";
import { CountingHandler, operationsProcess } from "./operations-process";

const PROGRAM = join(__dirname, "count-until-killed.ts");
const KILLS = times(4, 30);
const AT_ONCE = 3;

describe("a process killed with -9 in the middle of an operation", () => {
  const t = useStratum();

  async function killOne(): Promise<string[]> {
    const child = runChild(PROGRAM, [t.database.url]);
    const started: string[] = [];
    let timer: Promise<void> | undefined;
    for await (const line of child.lines) {
      started.push(line);
      timer ??= sleep(Math.random() * 300).then(() => void child.process.kill("SIGKILL"));
    }
    await timer;
    expect((await child.ended).signal).toBe("SIGKILL");
    return started;
  }

  /** The server notices in its own time that a client is gone, whose last step is locked until then. */
  async function alone(): Promise<void> {
    const sessions = async (): Promise<number> =>
      (
        await t.rows<{ n: number }>(
          "select count(*)::int as n from pg_stat_activity where datname = current_database() and backend_type = 'client backend'",
        )
      )[0]!.n;
    while ((await sessions()) > t.pool.totalCount) await sleep(50);
  }

  it(`leaves it to another, which does each step that is left once (${KILLS} kills)`, async () => {
    await t.stratum.initialize();
    await t.rows("create table public.steps (operation uuid, n int, who text)");
    const operations: string[] = [];
    for (let killed = 0; killed < KILLS; killed += AT_ONCE)
      operations.push(...(await Promise.all(Array.from({ length: AT_ONCE }, killOne))).flat());
    // Who takes an operation up again and again without getting on gives it up, and here nobody waits in between.
    await alone();
    const { app, runner, worker } = await operationsProcess({ pool: t.pool }, { stale: 0 });
    runner.register(new CountingHandler("heir", 100));
    let running: unknown[];
    do {
      await worker.look();
      running = await t.rows("select from stratum.operations where state = 'running'");
    } while (running.length > 0);
    await app.close();
    const [{ inherited } = { inherited: 0 }] = await t.rows<{ inherited: number }>(
      "select count(distinct operation)::int as inherited from public.steps where who = 'heir'",
    );
    console.log(
      `kill -9: ${KILLS} processes, ${operations.length} operations, ${inherited} inherited`,
    );
    expect(inherited).toBeGreaterThan(0);
    const states = await t.rows(
      `select from stratum.operations where state <> 'succeeded' or progress ->> 'done' <> '100'`,
    );
    expect(states).toEqual([]);
    const wrong = await t.rows(
      `select operation from public.steps group by operation
       having array_agg(n order by n) <> (select array_agg(n) from generate_series(1, 100) as n)`,
    );
    expect(wrong).toEqual([]);
  });
});
