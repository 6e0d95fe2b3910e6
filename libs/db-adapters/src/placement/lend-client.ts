import type { ClientBase, Pool, PoolClient } from "pg";
import { refuseNested } from "./holding";
import { surviveLongRows } from "./outlive";
import type { TenantConnections } from "./placement";

const ignore = (): void => undefined;

/** Whether the connections are a pg.Pool, which tells by a callback as well as by a promise. */
function isPool(connections: TenantConnections): connections is Pool {
  return "totalCount" in connections && "on" in connections;
}

/** Keeps the process alive for a client that was just lent, until whoever borrows it can listen themselves. */
export function surviveThisTurn(client: ClientBase): void {
  client.on("error", ignore);
  surviveLongRows(client);
  setImmediate(() => client.off("error", ignore));
}

/**
 * A client of the connections, with which the process outlives a FATAL that arrives together with the ReadyForQuery:
 * between the moment in which a pg.Pool lends a client and the line after `await pool.connect()`, the client has no
 * listener, and its 'error' would end the process. Here it has one until that turn of the event loop is over; the
 * borrower's next statement then fails, since pg knows that the client is gone.
 *
 * @throws ConnectionNestedError, and what connecting fails with
 */
export async function lendClient(connections: TenantConnections): Promise<PoolClient> {
  refuseNested(connections);
  if (!isPool(connections)) {
    const client = await connections.connect();
    surviveLongRows(client);
    return client;
  }
  return new Promise((resolve, reject) => {
    connections.connect((error, client) => {
      if (client === undefined) {
        reject(error ?? new Error("The pool lent no client."));
        return;
      }
      surviveThisTurn(client);
      resolve(client);
    });
  });
}
