import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, type StratumOptions } from "@stratum-hq/lib";
import { Client, type Pool, type PoolConfig } from "pg";
import { codeOf } from "./use-stratum";
import type { TestDatabase } from "./test-database";

/**
 * A connection that dawdles between statements, so that transactions which should not interleave get
 * every chance to.
 */
class DawdlingClient extends Client {}
const { query } = Client.prototype as unknown as {
  query: (...args: unknown[]) => Promise<unknown>;
};
Object.defineProperty(DawdlingClient.prototype, "query", {
  value: async function (this: Client, ...args: unknown[]) {
    await sleep(Math.random() * 4);
    return query.apply(this, args);
  },
});

/** Two Stratums over pools of their own, as processes would have them. */
export interface Rivals {
  readonly stratums: readonly Stratum[];
  close(): Promise<void>;
}

export function rivals(
  database: TestDatabase,
  options: Omit<StratumOptions, "pool"> = {},
  config: PoolConfig = {},
): Rivals {
  const pools: Pool[] = Array.from({ length: 2 }, () =>
    database.newPool({ max: 20, Client: DawdlingClient, ...config }),
  );
  const stratums = pools.map((pool) => new Stratum({ ...options, pool }));
  return {
    stratums,
    close: async () => {
      await Promise.all(stratums.map((stratum) => stratum.close()));
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/** Starts calls at the same moment; what each ended with. */
export async function race(...calls: (() => Promise<unknown>)[]): Promise<string[]> {
  return Promise.all(calls.map((call) => codeOf(call())));
}

/** What holds of every tree at every moment, as the number of tenants of which it does not. */
export async function brokenInvariants(pool: Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<Record<string, number>>(`
    select
      count(*) filter (where t.path <> case when p.id is null then text2ltree(replace(t.id::text, '-', ''))
        else p.path || replace(t.id::text, '-', '') end)::int as path_is_not_the_parent_chain,
      count(*) filter (where t.status = 'active' and p.status <> 'active')::int
        as active_below_inactive,
      count(*) filter (where t.parent_id is not null and p.id is null)::int as orphan
    from stratum.tenants as t left join stratum.tenants as p on p.id = t.parent_id`);
  return rows[0] as Record<string, number>;
}

export const NONE_BROKEN = {
  path_is_not_the_parent_chain: 0,
  active_below_inactive: 0,
  orphan: 0,
};

/** Deadlocks that PostgreSQL counted in a database whose connections have all ended. */
export async function deadlocks(database: TestDatabase): Promise<number> {
  const { rows } = await database.pool.query<{ deadlocks: number }>(
    "select deadlocks::int from pg_stat_database where datname = current_database()",
  );
  return rows[0]?.deadlocks ?? -1;
}
