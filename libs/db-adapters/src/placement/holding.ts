import { AsyncLocalStorage } from "node:async_hooks";
import { ConnectionNestedError } from "@stratum-hq/core";
import type { Pool } from "pg";
import type { TenantConnections } from "./placement";

/** A connection that the running code has in a transaction. */
interface Hold {
  readonly connections: TenantConnections;
  readonly outer: Hold | undefined;
  /** What was started in the transaction and outlives it holds nothing. */
  isOver: boolean;
}

const holds = new AsyncLocalStorage<Hold>();

/** Runs `work`, which has one of these connections for itself meanwhile. */
export async function whileHolding<T>(
  connections: TenantConnections,
  work: () => Promise<T>,
): Promise<T> {
  const hold: Hold = { connections, outer: holds.getStore(), isOver: false };
  try {
    return await holds.run(hold, work);
  } finally {
    hold.isOver = true;
  }
}

/** Whether every connection of a pool is in use. */
function isExhausted(connections: TenantConnections): boolean {
  if (!("idleCount" in connections)) return false;
  const { idleCount, totalCount, options } = connections as Pool;
  return idleCount === 0 && totalCount >= options.max;
}

/**
 * Refuses to wait for a connection of a pool while the running code keeps one of it from everybody else: as many of
 * such as the pool has connections would wait for each other for ever.
 *
 * @throws ConnectionNestedError
 */
export function refuseNested(connections: TenantConnections): void {
  for (let hold = holds.getStore(); hold !== undefined; hold = hold.outer) {
    if (!hold.isOver && hold.connections === connections && isExhausted(connections)) {
      throw new ConnectionNestedError();
    }
  }
}
