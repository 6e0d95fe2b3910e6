import {
  TransactionAbortedError,
  TransactionRequiredError,
  ValidationError,
} from "@stratum-hq/core";
import { escapeIdentifier, type QueryResult, type QueryResultRow } from "pg";
import { whileHolding } from "../placement/holding";
import { extendedQuery, ownQuery, type TenantQuery } from "./tenant-query";
import type { SessionSettings, TenantSession } from "./tenant-session";
import { beginText, type TransactionOptions } from "./transaction-options";

/** Rows that a stream fetches at a time. */
const BATCH = 100;

/**
 * A connection of one tenant, from a {@link TenantPool}. It works while that tenant is in context, and no
 * longer: kept beyond, or used in another tenant's context, it refuses.
 */
export class TenantClient {
  readonly #session: TenantSession;
  readonly #isBorrowed: boolean;

  /** @param isBorrowed whether somebody else gives the connection back */
  constructor(session: TenantSession, isBorrowed = false) {
    this.#session = session;
    this.#isBorrowed = isBorrowed;
  }

  /** Whether it is of the pool that has these settings. */
  isOf(settings: SessionSettings): boolean {
    return this.#session.settings === settings;
  }

  /** The same connection, for somebody who calls release() as for one of its own: that does nothing. */
  borrowed(): TenantClient {
    return new TenantClient(this.#session, true);
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#session.isOpen();
  }

  /**
   * One statement: in the open transaction, else in one of its own.
   *
   * @throws StatementForbiddenError, TenantContextMissingError, TenantRoleMissingError,
   *   TenantContextExpiredError, TenantContextForgedError, TenantStorageMissingError, PoolerUnsupportedError;
   *   what the statement itself is refused for, as pg throws it
   */
  async query<Row extends QueryResultRow = Record<string, unknown>>(
    query: string | TenantQuery,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const extended = extendedQuery(query, values, this.#session);
    return (await this.#session.query(extended)) as QueryResult<Row>;
  }

  /** Begins a transaction, in one round trip with its context. @throws ValidationError where one is open */
  async begin(options: TransactionOptions = {}): Promise<void> {
    const text = beginText(options);
    if (this.#session.isOpen()) {
      const message = "a transaction is open; nest transaction(work)";
      throw new ValidationError("begin", [{ path: "", message }]);
    }
    try {
      await this.#session.begin(ownQuery(text));
    } catch (error) {
      if (this.#session.isOpen()) await this.rollback();
      throw error;
    }
  }

  /** @throws TransactionAbortedError where a statement had failed, so that PostgreSQL rolled back */
  async commit(): Promise<void> {
    this.requireTransaction("commit()");
    const { command } = await this.#session.end(ownQuery("COMMIT"));
    if (command !== "COMMIT") throw new TransactionAbortedError();
  }

  async rollback(): Promise<void> {
    this.requireTransaction("rollback()");
    await this.#session.end(ownQuery("ROLLBACK"));
  }

  /**
   * Marks a place in the open transaction to come back to.
   *
   * @param name left out, one that nothing else has
   * @returns the name
   * @throws TransactionRequiredError
   */
  async savepoint(name = this.#session.nextName("savepoint")): Promise<string> {
    this.requireTransaction("savepoint()");
    await this.#session.query(ownQuery(`SAVEPOINT ${escapeIdentifier(name)}`));
    return name;
  }

  /** Keeps what happened since the savepoint, and drops it. @throws TransactionRequiredError */
  async releaseSavepoint(name: string): Promise<void> {
    this.requireTransaction("releaseSavepoint()");
    await this.#session.query(ownQuery(`RELEASE SAVEPOINT ${escapeIdentifier(name)}`));
  }

  /** Takes back what happened since the savepoint, failures too, and keeps it. @throws TransactionRequiredError */
  async rollbackToSavepoint(name: string): Promise<void> {
    this.requireTransaction("rollbackToSavepoint()");
    await this.#session.end(ownQuery(`ROLLBACK TO SAVEPOINT ${escapeIdentifier(name)}`));
  }

  /**
   * Runs `work` in a transaction, which commits when it resolves and rolls back when it rejects. Inside of
   * another transaction of this client, in a savepoint of it.
   */
  async transaction<T>(
    work: (client: TenantClient) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    if (this.#session.isOpen()) return this.nested(work);
    await this.begin(options);
    let result: T;
    try {
      result = await whileHolding(this.#session.connections, () => work(this));
    } catch (error) {
      // The work's own error counts; a connection that does not roll back is closed on release.
      if (this.#session.isOpen()) await this.rollback().catch(() => undefined);
      throw await this.#session.explained(error);
    }
    await this.commit();
    return result;
  }

  /**
   * Rows one after the other, fetched by cursor as they are read, without the rest in memory.
   *
   * @param batch rows that are fetched at a time
   * @throws TransactionRequiredError outside of a transaction, StatementForbiddenError
   */
  async *stream<Row extends QueryResultRow = Record<string, unknown>>(
    query: string | TenantQuery,
    values?: readonly unknown[],
    { batch = BATCH }: { readonly batch?: number } = {},
  ): AsyncGenerator<Row, void, undefined> {
    this.requireTransaction("stream()");
    const { text, ...rest } = extendedQuery(query, values, null);
    const cursor = this.#session.nextName("cursor");
    await this.#session.query({ ...rest, text: `DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}` });
    const fetch = {
      ...rest,
      values: [],
      text: `FETCH ${Math.max(1, Math.trunc(batch))} FROM ${cursor}`,
    };
    try {
      for (;;) {
        const { rows } = (await this.#session.query(fetch)) as QueryResult<Row>;
        if (rows.length === 0) return;
        yield* rows;
      }
    } finally {
      // Failed transactions and ended contexts have closed it already.
      await this.#session.end(ownQuery(`CLOSE ${cursor}`)).catch(() => undefined);
    }
  }

  /** Gives the connection back to the pool. One that is in a transaction is closed. */
  release(): void {
    if (!this.#isBorrowed) this.#session.release();
  }

  private async nested<T>(work: (client: TenantClient) => Promise<T>): Promise<T> {
    const name = await this.savepoint();
    try {
      const result = await work(this);
      await this.releaseSavepoint(name);
      return result;
    } catch (error) {
      if (this.#session.isOpen()) await this.rollbackToSavepoint(name);
      throw error;
    }
  }

  private requireTransaction(what: string): void {
    if (!this.#session.isOpen()) throw new TransactionRequiredError(what);
  }
}
