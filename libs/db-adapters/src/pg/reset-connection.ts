import type { PoolClient } from "pg";
import { forgetContext } from "./context-names";
import { connectionOf } from "./pg-internals";
import { forgetPrepared } from "./prepared-statements";

/**
 * Gives a connection back as it was when it was opened: without session settings, advisory locks, temporary
 * tables, LISTEN, and statements that were prepared on it, by whomever. One on which that fails is closed, and so
 * is one that cannot be told that its statements are gone.
 */
export async function releaseReset(client: PoolClient): Promise<void> {
  const connection = connectionOf(client);
  if (connection === undefined) {
    client.release(true);
    return;
  }
  try {
    await client.query("DISCARD ALL");
  } catch {
    client.release(true);
    return;
  }
  forgetContext(connection);
  forgetPrepared(connection);
  client.release();
}
