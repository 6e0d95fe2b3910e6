import { setTimeout as sleep } from "node:timers/promises";
import type { Client, PoolClient } from "pg";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database";
import { times } from "../../../../test/support/scale";
import { codeOf } from "../../../../test/support/use-stratum";
import { ConnectionBudget } from "./connection-budget";
import type { DatabaseTarget } from "./database-target";
import { clientOf, optionsOf } from "./server-login";

const BUDGET = 3;

describe("a budget of connections", () => {
  let server: TestDatabase;
  const made: string[] = [];
  const budgets: ConnectionBudget[] = [];

  beforeAll(async () => {
    server = await createTestDatabase({ migrated: false });
    for (const n of [0, 1, 2, 3, 4, 5]) {
      made.push(`${server.name}_${n}`);
      await server.pool.query(`create database ${server.name}_${n}`);
    }
  });
  afterEach(() => Promise.all(budgets.splice(0).map((budget) => budget.close())));
  afterAll(async () => {
    for (const name of made) await server.pool.query(`drop database ${name} with (force)`);
    await server.drop();
  });

  function budgetOf(connections = BUDGET, waitMs = 20_000, idleMs?: number): ConnectionBudget {
    const budget = new ConnectionBudget({ connections, waitMs, ...(idleMs && { idleMs }) });
    budgets.push(budget);
    return budget;
  }

  const target = (n: number): DatabaseTarget => ({
    key: `db ${n}`,
    client: () => clientOf(optionsOf(server.pool), `${server.name}_${n}`),
  });

  const pidOf = (client: Client): number => Reflect.get(client, "processID") as number;

  async function sessions(): Promise<number> {
    const { rows } = await server.pool.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where datname = any($1)",
      [made],
    );
    return rows[0]!.n;
  }

  it("is connected to the database of the target, and lends a connection again", async () => {
    const budget = budgetOf();
    const first = await budget.connect(target(1));
    const { rows } = await first.query("select current_database() as name");
    expect(rows).toEqual([{ name: made[1] }]);
    const pid = pidOf(first);
    first.release();
    expect(() => first.release()).toThrow("released already");
    const second = await budget.connect(target(1));
    expect(pidOf(second)).toBe(pid);
    second.release(true);
    const third = await budget.connect(target(1));
    expect(pidOf(third)).not.toBe(pid);
    third.release();
  });

  it("makes room by the database that was not used for longest, and is closed before another opens", async () => {
    const budget = budgetOf();
    const pids: number[] = [];
    for (const n of [0, 1, 2]) {
      const client = await budget.connect(target(n));
      pids.push(pidOf(client));
      client.release();
    }
    (await budget.connect(target(0))).release();
    const fourth = await budget.connect(target(3));
    expect(await sessions()).toBe(BUDGET);
    const again = [await budget.connect(target(0)), await budget.connect(target(2))];
    expect(again.map(pidOf)).toEqual([pids[0], pids[2]]);
    for (const client of [fourth, ...again]) client.release();
  });

  it("counts a connection until the server has closed it", async () => {
    const budget = budgetOf(1);
    const slow = target(0);
    const closing = {
      key: slow.key,
      client: () => {
        const client = slow.client();
        const end = client.end.bind(client);
        // Time for whoever would connect meanwhile.
        return Object.assign(client, { end: async () => sleep(1000).then(() => end()) });
      },
    };
    (await budget.connect(closing)).release();
    const next = await budget.connect(target(1));
    expect(await sessions()).toBe(1);
    next.release();
  });

  it("never closes one in use: whoever finds none waits, and is told when it was too long", async () => {
    const budget = budgetOf(BUDGET, 60);
    const held = await Promise.all([0, 1, 2].map((n) => budget.connect(target(n))));
    await expect(budget.connect(target(3))).rejects.toMatchObject({
      code: "CONNECTION_BUDGET_EXHAUSTED",
      statusCode: 503,
      details: { budget: BUDGET, waited_ms: 60 },
    });
    for (const client of held) expect((await client.query("select 1")).rowCount).toBe(1);
    held[0]!.release();
    const next = await budget.connect(target(3));
    for (const client of [next, ...held.slice(1)]) client.release();
  });

  it("serves in the order of asking, but for a few that find a connection of their database", async () => {
    const budget = budgetOf(1);
    const held = await budget.connect(target(0));
    const order: string[] = [];
    const use = async (n: number, name: string): Promise<void> => {
      const client = await budget.connect(target(n));
      order.push(name);
      await client.query("select 1");
      client.release();
    };
    const uses = [use(1, "other")];
    for (let n = 0; n < 30; n += 1) uses.push(use(0, "same"));
    held.release();
    await Promise.all(uses);
    expect(order.indexOf("other")).toBe(8);
  });

  it("gives back the place of a connection that fails", async () => {
    const budget = budgetOf(1);
    const missing = {
      key: "missing",
      client: () => clientOf(optionsOf(server.pool), `${server.name}_missing`),
    };
    const unreachable = {
      key: "unreachable",
      client: () => clientOf({ host: "127.0.0.1", port: 1, database: "x", user: "x" }),
    };
    const asked = [missing, unreachable, missing, target(0)].map((each) => budget.connect(each));
    const codes = asked.slice(0, 3).map(codeOf);
    expect(await Promise.all(codes)).toEqual(["3D000", "ECONNREFUSED", "3D000"]);
    (await asked[3]!).release();
    expect(budget.open).toBe(1);
  });

  it("drops connections that the server has ended, idle or lent", async () => {
    const budget = budgetOf();
    const lent = await budget.connect(target(0));
    (await budget.connect(target(1))).release();
    expect(budget.open).toBe(2);
    await server.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1)",
      [made],
    );
    expect(await codeOf(lent.query("select 1"))).not.toBe("ok");
    lent.release();
    // Word of it takes a moment to arrive.
    for (let looks = 0; looks < 400 && budget.open > 0; looks += 1) await sleep(5);
    for (const n of [0, 1]) {
      const client = await budget.connect(target(n));
      const works = client.query("select 1").finally(() => client.release());
      expect((await works).rowCount).toBe(1);
    }
  });

  it("closes what nobody has used for a while, and those of one database when told to", async () => {
    const budget = budgetOf(BUDGET, 1000, 30);
    (await budget.connect(target(0))).release();
    while (budget.open > 0) await sleep(5);
    const lasting = budgetOf();
    (await lasting.connect(target(0))).release();
    (await lasting.connect(target(1))).release();
    await lasting.closeIdle("db 0");
    expect(lasting.open).toBe(1);
  });

  it("ends when all are released: refuses who waits and who comes", async () => {
    const budget = budgetOf(1);
    const held = await budget.connect(target(0));
    const waiting = codeOf(budget.connect(target(1)));
    const closing = budget.close();
    expect(await waiting).toBe("STRATUM_CLOSED");
    expect(await codeOf(budget.connect(target(0)))).toBe("STRATUM_CLOSED");
    expect((await held.query("select 1")).rowCount).toBe(1);
    held.release();
    await closing;
    expect(await sessions()).toBe(0);
    budgets.splice(0);
  });

  it("stays within its bounds, and loses nobody, whatever they do", async () => {
    const budget = budgetOf();
    let peak = 0;
    const sampling = { ends: false };
    const sampler = (async () => {
      while (!sampling.ends) {
        peak = Math.max(peak, await sessions(), budget.open);
        await sleep(2);
      }
    })();
    const user = async (seed: number): Promise<number> => {
      let served = 0;
      for (let n = 0; n < times(15, 200); n += 1) {
        const client: PoolClient = await budget.connect(target((seed * 7 + n * n) % made.length));
        const { rows } = await client.query<{ name: string }>("select current_database() as name");
        if (rows[0]!.name === made[(seed * 7 + n * n) % made.length]) served += 1;
        if (n % 5 === 0) await sleep(Math.random() * 3);
        client.release(n % 11 === 0);
      }
      return served;
    };
    const served = await Promise.all(Array.from({ length: 12 }, (_, seed) => user(seed)));
    sampling.ends = true;
    await sampler;
    expect(served).toEqual(served.map(() => times(15, 200)));
    expect(peak).toBeLessThanOrEqual(BUDGET);
  });
});
