import type { Pool } from "pg";

type Listener = (...args: unknown[]) => void;

/**
 * The caller's pool as TypeORM may have it: it cannot end it, and the listeners it adds come off
 * when it thinks that it did.
 */
export class BorrowedPool {
  readonly #pool: Pool;
  readonly #listeners: [event: string, listener: Listener][] = [];

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  on(event: string, listener: Listener): this {
    this.#listeners.push([event, listener]);
    this.#pool.on(event as "error", listener);
    return this;
  }

  connect(callback: Parameters<Pool["connect"]>[0]): void {
    this.#pool.connect(callback);
  }

  end(callback: (error?: Error) => void): void {
    for (const [event, listener] of this.#listeners.splice(0)) {
      this.#pool.removeListener(event, listener);
    }
    callback();
  }
}

/** What TypeORM takes in place of the `pg` module: a `Pool` class whose instances are borrowed. */
export function driverOver(pool: Pool): { Pool: new () => BorrowedPool } {
  return {
    Pool: class extends BorrowedPool {
      constructor() {
        super(pool);
      }
    },
  };
}
