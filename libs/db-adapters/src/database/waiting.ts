import { ConnectionBudgetExhaustedError } from "@stratum-hq/core";
import type { PoolClient } from "pg";
import type { DatabaseTarget } from "./database-target";

/** Whoever asked for a connection and has none yet. */
export interface Waiting {
  readonly target: DatabaseTarget;
  /** How often one who came later was served first. */
  passedOver: number;
  serve(client: PoolClient): void;
  refuse(error: unknown): void;
}

/** Those who wait, in the order in which they came; each for a bounded time. */
export class WaitingLine implements Iterable<Waiting> {
  readonly #line = new Set<Waiting>();
  readonly #timers = new WeakMap<Waiting, NodeJS.Timeout>();

  /** @param waitMs milliseconds after which one is refused */
  constructor(
    private readonly budget: number,
    private readonly waitMs: number,
  ) {}

  get size(): number {
    return this.#line.size;
  }

  get first(): Waiting | undefined {
    return this.#line.values().next().value;
  }

  [Symbol.iterator](): Iterator<Waiting> {
    return this.#line.values();
  }

  /** Resolves when it has been served. @throws ConnectionBudgetExhaustedError */
  join(target: DatabaseTarget, joined: () => void): Promise<PoolClient> {
    return new Promise<PoolClient>((serve, refuse) => {
      const waiting: Waiting = { target, passedOver: 0, serve, refuse };
      const timer = setTimeout(() => {
        if (this.#line.delete(waiting))
          refuse(new ConnectionBudgetExhaustedError(this.budget, this.waitMs));
      }, this.waitMs);
      this.#timers.set(waiting, timer);
      this.#line.add(waiting);
      joined();
    });
  }

  /** Takes one out, who is served or refused now. */
  leave(waiting: Waiting): void {
    this.#line.delete(waiting);
    clearTimeout(this.#timers.get(waiting));
  }

  /** Refuses all. */
  dismiss(error: unknown): void {
    for (const waiting of this.#line) {
      this.leave(waiting);
      waiting.refuse(error);
    }
  }
}
