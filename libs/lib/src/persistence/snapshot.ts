import { ownRows } from "@stratum-hq/db-adapters";
import type { PoolClient } from "pg";
import { translateDatabaseError } from "./database-errors";
import { statement, type PreparedStatements, type Sql } from "./sql";

/** Rows of the first batch of a cursor, and of any. */
const FIRST_BATCH = 100;
const MAX_BATCH = 2000;
/** Bytes that a batch is to come to, by what the one before came to. */
const BATCH_BYTES = 524_288;

/** Lets the reader take its time, whatever the host has set for its own transactions. */
const NO_TIMEOUTS = `select set_config(name, '0', true) from pg_settings
  where name in ('idle_in_transaction_session_timeout', 'transaction_timeout')`;

const NOW = `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`;

/**
 * One REPEATABLE READ, READ ONLY transaction: whatever is read in it is from the same moment. Errors are
 * translated. Only {@link Database.openSnapshot} makes one.
 */
export class Snapshot implements Sql {
  readonly #client: PoolClient;
  #cursors = 0;
  /** The batch that is on its way while the one before it is worked on. */
  #ahead: Promise<unknown> = Promise.resolve();
  #broken: Error | undefined;
  #closed = false;
  readonly #onError = (error: Error): void => void (this.#broken = error);

  private constructor(
    client: PoolClient,
    private readonly prepared: PreparedStatements,
  ) {
    this.#client = client;
    // Without a listener, a connection that dies between two statements ends the process.
    client.on("error", this.#onError);
  }

  static async open(
    client: PoolClient,
    searchPath: string,
    prepared: PreparedStatements,
  ): Promise<Snapshot> {
    const snapshot = new Snapshot(client, prepared);
    try {
      await client.query(
        `begin isolation level repeatable read read only; set local search_path = ${searchPath}; ` +
          "set local timezone = 'UTC'",
      );
      await ownRows(client, NO_TIMEOUTS);
      return snapshot;
    } catch (error) {
      await snapshot.close();
      throw translateDatabaseError(error);
    }
  }

  /** The moment of the snapshot, ISO 8601 in UTC. */
  async time(): Promise<string> {
    const [row] = await this.query<{ at: string }>(NOW);
    return row?.at ?? "";
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    await this.#ahead;
    return this.translated(async () => {
      const result = await this.#client.query(statement(text, values, this.prepared));
      return result.rows as Row[];
    });
  }

  /**
   * The rows of a statement, batch by batch, by a cursor of the server's: as many at a time as come to
   * about half a megabyte, by what `bytesOf` says of those before. One batch is read ahead.
   */
  async *batches<Row>(
    text: string,
    values: readonly unknown[],
    bytesOf: (row: Row) => number,
  ): AsyncGenerator<Row[]> {
    const cursor = `stratum_cursor_${(this.#cursors += 1)}`;
    await this.translated(() =>
      this.#client.query({
        text: `declare ${cursor} no scroll cursor for ${text}`,
        values: values as unknown[],
      }),
    );
    let size = FIRST_BATCH;
    let batch = this.fetch<Row>(cursor, size);
    for (let more = true; more;) {
      const rows = await batch;
      more = rows.length === size;
      const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
      size = Math.max(1, Math.min(MAX_BATCH, Math.floor((BATCH_BYTES * rows.length) / bytes)));
      // The server works on the next one while this one is worked on here.
      if (more) batch = this.fetch<Row>(cursor, size);
      if (rows.length > 0) yield rows;
    }
    await this.translated(() => this.#client.query(`close ${cursor}`));
  }

  /** Ends the transaction and gives the connection back; again, it does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#ahead;
    await this.#client.query("rollback").catch(this.#onError);
    this.#client.off("error", this.#onError);
    this.#client.release(this.#broken);
  }

  private fetch<Row>(cursor: string, size: number): Promise<Row[]> {
    // Unprepared: the name of the cursor and the size vary.
    const next = statement(`fetch forward ${size} from ${cursor}`, [], "off");
    const fetched = this.translated(async () => (await this.#client.query(next)).rows as Row[]);
    this.#ahead = fetched.catch(() => undefined);
    return fetched;
  }

  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }
}
