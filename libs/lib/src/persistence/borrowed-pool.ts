import type { Pool, PoolClient } from "pg";
import { COLUMN_TYPES, surviveThisTurn } from "@stratum-hq/db-adapters";

type Listener = (...args: unknown[]) => void;
type Connected = (error: unknown, client?: BorrowedClient, release?: Release) => void;
type Release = (error?: Error | boolean) => void;

/** What TypeORM takes in place of the `pg` module. */
export interface BorrowedDriver {
  /** A class whose instances are all the caller's pool. */
  readonly Pool: new () => BorrowedPool;
  /** Takes the listeners that TypeORM added off the caller's pool. */
  release(): void;
}

/** The caller's pool as TypeORM may have it: to connect and to listen, not to end. */
interface BorrowedPool {
  on(event: string, listener: Listener): this;
  connect(callback: Connected): void;
  end(callback: (error?: Error) => void): void;
}

/** Lends the caller's pool to TypeORM. */
export function borrowed(pool: Pool): BorrowedDriver {
  const listeners: [event: string, listener: Listener][] = [];
  return {
    Pool: class implements BorrowedPool {
      on(event: string, listener: Listener): this {
        listeners.push([event, listener]);
        pool.on(event as "error", listener);
        return this;
      }

      connect(callback: Connected): void {
        pool.connect((error, client, release) => {
          if (client === undefined) {
            callback(error);
            return;
          }
          surviveThisTurn(client);
          callback(undefined, new BorrowedClient(client), release);
        });
      }

      end(callback: (error?: Error) => void): void {
        callback();
      }
    },
    release: () => {
      for (const [event, listener] of listeners.splice(0)) pool.removeListener(event, listener);
    },
  };
}

/**
 * A connection whose results are read with {@link COLUMN_TYPES}, whatever the host application
 * registered in `pg.types`.
 */
class BorrowedClient {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  on(event: "error", listener: Listener): this {
    this.#client.on(event, listener);
    return this;
  }

  removeListener(event: string, listener: Listener): this {
    this.#client.removeListener(event, listener);
    return this;
  }

  query(text: string, values?: unknown[]): Promise<unknown> {
    return this.#client.query({ text, values: values ?? [], types: COLUMN_TYPES });
  }
}
