import {
  CONNECTION_BUDGET_WAIT_MS,
  DATABASE_IDLE_MS,
  DEFAULT_CONNECTION_BUDGET,
  StratumClosedError,
} from "@stratum-hq/core";
import type { Client, PoolClient } from "pg";
import { closeClient } from "./close-client";
import type { DatabaseTarget } from "./database-target";
import { IdleClients } from "./idle-clients";
import { WaitingLine, type Waiting } from "./waiting";

/** Times that the first in the line is passed over, by others for whom there is a connection already. */
const PASSED_OVER_MAX = 8;

/** What a budget is made of. */
export interface ConnectionBudgetOptions {
  /** Connections to all databases together. Default {@link DEFAULT_CONNECTION_BUDGET}. */
  readonly connections?: number;
  /** Milliseconds that a request waits for one. Default {@link CONNECTION_BUDGET_WAIT_MS}. */
  readonly waitMs?: number;
  /** Milliseconds after which an idle one is closed. Default {@link DATABASE_IDLE_MS}. */
  readonly idleMs?: number;
}

/**
 * Connections to any number of databases, so many at most in all. To make room it closes idle ones of the
 * databases that have not been used for longest, never one in use, and counts each until the server has
 * closed it. Requests are served in their order, but for a few that find a connection of their database.
 */
export class ConnectionBudget {
  readonly #limit: number;
  readonly #waiting: WaitingLine;
  readonly #idle: IdleClients;
  /** Connections from before they are opened until the server has closed them, and those about to be. */
  #open = 0;
  #closing = 0;
  /** Set by {@link close}; called when no connection is left. */
  #drained: (() => void) | null = null;

  constructor(options: ConnectionBudgetOptions = {}) {
    this.#limit = options.connections ?? DEFAULT_CONNECTION_BUDGET;
    this.#waiting = new WaitingLine(this.#limit, options.waitMs ?? CONNECTION_BUDGET_WAIT_MS);
    this.#idle = new IdleClients(options.idleMs ?? DATABASE_IDLE_MS, (client) => this.#end(client));
  }

  /** Connections that count now. */
  get open(): number {
    return this.#open;
  }

  /**
   * A connection of a database, which its user releases.
   *
   * @throws ConnectionBudgetExhaustedError, StratumClosedError, and what connecting fails with
   */
  async connect(target: DatabaseTarget): Promise<PoolClient> {
    if (this.#drained !== null) throw new StratumClosedError();
    const idle = this.#waiting.size === 0 ? this.#idle.take(target.key) : undefined;
    if (idle !== undefined) return this.#lend(target.key, idle);
    return this.#waiting.join(target, () => this.#serve());
  }

  /** Closes the idle connections of a database; resolves when they are closed. */
  async closeIdle(key: string): Promise<void> {
    await Promise.all(this.#idle.takeAll(key).map((client) => this.#closed(client)));
  }

  /** Refuses whoever waits or comes, and resolves when every connection has been released and closed. */
  async close(): Promise<void> {
    const drained = new Promise<void>((resolve) => (this.#drained = resolve));
    this.#waiting.dismiss(new StratumClosedError());
    for (const client of this.#idle.takeAll()) this.#end(client);
    this.#drain();
    await drained;
  }

  /** Called whenever a connection has become idle or a place free, or somebody waits. */
  #serve(): void {
    this.#lendIdle();
    for (let first = this.#waiting.first; first !== undefined; first = this.#waiting.first) {
      if (this.#open >= this.#limit) break;
      this.#waiting.leave(first);
      void this.#connectFor(first);
    }
    this.#makeRoom();
  }

  #lendIdle(): void {
    for (const waiting of this.#waiting) {
      const { first } = this.#waiting;
      const isFirst = waiting === first;
      if (!isFirst && first !== undefined && first.passedOver >= PASSED_OVER_MAX) return;
      const client = this.#idle.take(waiting.target.key);
      if (client === undefined) continue;
      if (!isFirst && first !== undefined) first.passedOver += 1;
      this.#waiting.leave(waiting);
      waiting.serve(this.#lend(waiting.target.key, client));
    }
  }

  /** Closes an idle connection for each who waits, where none is being closed already. */
  #makeRoom(): void {
    while (this.#waiting.size > this.#closing) {
      const client = this.#idle.takeLeastRecent();
      if (client === undefined) return;
      this.#end(client);
    }
  }

  async #connectFor(waiting: Waiting): Promise<void> {
    this.#open += 1;
    const { key } = waiting.target;
    const client = waiting.target.client();
    this.#watch(key, client);
    try {
      await client.connect();
    } catch (error) {
      this.#end(client);
      waiting.refuse(error);
      return;
    }
    waiting.serve(this.#lend(key, client));
  }

  /** Drops a connection that breaks while nobody uses it; without a listener, it would end the process. */
  #watch(key: string, client: Client): void {
    const drop = (): void => {
      if (this.#idle.remove(key, client)) this.#end(client);
    };
    client.on("error", drop).on("end", drop);
  }

  #lend(key: string, client: Client): PoolClient {
    let released = false;
    const release = (broken?: Error | boolean): void => {
      if (released) throw new Error("This connection has been released already.");
      released = true;
      client.off("error", onEnd).off("end", onEnd);
      if (ended || (broken ?? false) !== false || this.#drained !== null) this.#end(client);
      else {
        this.#idle.put(key, client);
        this.#serve();
      }
    };
    let ended = false;
    const onEnd = (): void => void (ended = true);
    client.on("error", onEnd).on("end", onEnd);
    return Object.assign(client, { release });
  }

  #end(client: Client): void {
    void this.#closed(client);
  }

  async #closed(client: Client): Promise<void> {
    this.#closing += 1;
    await closeClient(client).catch(() => undefined);
    this.#closing -= 1;
    this.#free();
  }

  #free(): void {
    this.#open -= 1;
    this.#serve();
    this.#drain();
  }

  #drain(): void {
    if (this.#open === 0) this.#drained?.();
  }
}
