import { ValidationError } from "@stratum-hq/core";
import type { QueryResult } from "pg";
import type { TenantScope } from "../context/tenant-scope";
import type { TenantClient } from "../pg/tenant-client";
import type { TransactionOptions } from "../pg/transaction-options";
import { controlOf, type Control } from "./transaction-control";

/** Where a data source gets its connections: a TenantPool is one. */
export interface TenantClients {
  /** Who is in context. */
  readonly scope: Pick<TenantScope, "current">;
  /** A connection for the tenant in context. */
  connect(): Promise<TenantClient>;
}

/**
 * What TypeORM takes for a connection: one of the tenant who is in context at its first statement. TypeORM
 * begins a transaction before it says which, so the BEGIN waits for the first statement inside.
 */
export class TenantConnection {
  #client: Promise<TenantClient> | null = null;
  /** A transaction that TypeORM has begun, and the server not yet. */
  #held: TransactionOptions | null = null;
  #begun: Promise<void> | null = null;
  /** The savepoint that stands for TypeORM's transaction inside of one that was open before. */
  #joined: string | null = null;
  /** Calls under way in which TypeORM itself begins, commits or rolls back. */
  #controls = 0;

  constructor(private readonly clients: TenantClients) {}

  /** Lets TypeORM's own transaction control through while `work` runs, which is nobody's else. */
  async controlled<T>(work: () => Promise<T>): Promise<T> {
    this.#controls += 1;
    try {
      return await work();
    } finally {
      this.#controls -= 1;
    }
  }

  /** One statement of the tenant's, or of TypeORM's own transaction control. */
  async query(text: string, values?: readonly unknown[]): Promise<QueryResult | null> {
    const control = this.#controls > 0 ? controlOf(text) : undefined;
    if (control === undefined) return (await this.client()).query(text, values);
    await this.control(control);
    return null;
  }

  /** Rows by a cursor. @throws TransactionRequiredError outside of a transaction, when it is read */
  async *stream(text: string, values?: readonly unknown[]): AsyncGenerator {
    yield* (await this.client()).stream(text, values);
  }

  /** The tenant's client, in the transaction where one was begun. */
  async client(): Promise<TenantClient> {
    const client = await this.connected();
    if (this.#held !== null) {
      this.#begun = this.beginOn(client, this.#held);
      this.#held = null;
    }
    await this.#begun;
    return client;
  }

  release(): void {
    const client = this.#client;
    this.#client = null;
    void client?.then(
      (connected) => connected.release(),
      () => undefined,
    );
  }

  /** TypeORM listens for errors between statements; the session does, and closes what is broken. */
  on(): this {
    return this;
  }

  removeListener(): this {
    return this;
  }

  private connected(): Promise<TenantClient> {
    this.#client ??= this.connect();
    return this.#client;
  }

  private async connect(): Promise<TenantClient> {
    try {
      return await this.clients.connect();
    } catch (error) {
      this.#client = null;
      throw error;
    }
  }

  private async control(control: Control): Promise<void> {
    switch (control.kind) {
      case "begin":
        return this.begin();
      case "modes": {
        this.setModes(control.options);
        return;
      }
      case "commit":
        return this.commit();
      case "rollback":
        return this.rollback();
      case "savepoint":
      case "release":
      case "rollback to":
        return this.nest(control.kind, `${this.#joined ?? ""}${control.name}`);
    }
  }

  private async nest(kind: "savepoint" | "release" | "rollback to", name: string): Promise<void> {
    const client = await this.client();
    if (kind === "savepoint") await client.savepoint(name);
    else if (kind === "release") await client.releaseSavepoint(name);
    else await client.rollbackToSavepoint(name);
  }

  private async begin(): Promise<void> {
    const client = await this.connected();
    if (client.inTransaction) this.#joined = await client.savepoint();
    else this.#held = {};
  }

  /** What the server was not told, it may be told again. */
  private async beginOn(client: TenantClient, options: TransactionOptions): Promise<void> {
    try {
      await client.begin(options);
    } catch (error) {
      this.#held = options;
      this.#begun = null;
      throw error;
    }
  }

  private setModes(options: TransactionOptions): void {
    if (this.#held === null) {
      const message = "the transaction has begun, and its modes with it";
      throw new ValidationError("transaction", [{ path: "isolation", message }]);
    }
    this.#held = { ...this.#held, ...options };
  }

  private async commit(): Promise<void> {
    const { joined, client } = await this.ending();
    if (client === null) return;
    await (joined === null ? client.commit() : client.releaseSavepoint(joined));
  }

  private async rollback(): Promise<void> {
    const { joined, client } = await this.ending();
    if (client === null || !client.inTransaction) return;
    await (joined === null ? client.rollback() : client.rollbackToSavepoint(joined));
  }

  /** What is left to end: no client where the server was never asked to begin. */
  private async ending(): Promise<{ joined: string | null; client: TenantClient | null }> {
    const joined = this.#joined;
    const isHeld = this.#held !== null;
    this.#joined = null;
    this.#held = null;
    this.#begun = null;
    return { joined, client: isHeld ? null : await this.connected() };
  }
}
