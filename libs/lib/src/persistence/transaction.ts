import type { ClientBase, PoolClient } from "pg";
import { statement, type PreparedStatements, type Sql } from "./sql";

/** Thrown to run the transaction again from the start: what was read before a lock has changed. */
export class TransactionRestart extends Error {}

/** One open transaction. Only {@link Database.transaction} makes one. */
export class Transaction implements Sql {
  readonly #client: PoolClient;
  readonly #changed = new Set<string | null>();

  constructor(
    client: PoolClient,
    /** Shared by everything that the transaction writes to the audit log and to the events. */
    readonly operationId: string,
    private readonly prepared: PreparedStatements,
  ) {
    this.#client = client;
  }

  /**
   * Tenants at or below which something changed, null for the platform: what caches forget when the
   * transaction ends.
   */
  get changedTenants(): ReadonlySet<string | null> {
    return this.#changed;
  }

  markChanged(tenantId: string | null): void {
    this.#changed.add(tenantId);
  }

  /** The connection itself, for the DDL of libs/db-adapters; what is sent on it is part of the transaction. */
  get client(): ClientBase {
    return this.#client;
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.#client.query(statement(text, values, this.prepared));
    return result.rows as Row[];
  }
}
