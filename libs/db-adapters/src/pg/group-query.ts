import type { ContextValues } from "../context/context-statement";
import { confirmContext, forgetContext, sendContext } from "./context-names";
import { PgQueryClass, type Callback, type ExtendedQuery, type PgConnection } from "./pg-internals";

/** How a query is sent together with a context. */
export interface Group {
  readonly context: ContextValues;
  /** Before a statement of its own; after the BEGIN of a transaction. */
  readonly place: "before" | "after";
  readonly prepared: boolean;
}

/**
 * A query that shares its Sync with the context statement: PostgreSQL runs everything up to a Sync in one
 * transaction, so both cost one round trip, and the context ends with the statement. Without a group, a
 * query like any other whose error is told once the connection is ready again.
 */
export class GroupQuery extends PgQueryClass {
  // pg's constructor sets the name before fields of this class are.
  declare private statementName: string | undefined;
  /** Which statement's answers come next. */
  declare private awaited: "statement" | "context" | undefined;
  /** Whether it was the context that the server refused. */
  contextFailed = false;
  readonly #group: Group | null;

  constructor(query: ExtendedQuery, group: Group | null, callback: Callback) {
    super(query, undefined, callback);
    this.#group = group;
  }

  /**
   * The statement's name, and none while the context's answers come: pg would credit the context's
   * ParseComplete to it, and never parse a statement that failed again.
   */
  override get name(): string | undefined {
    return this.awaited === "context" ? undefined : this.statementName;
  }

  override set name(name: string | undefined) {
    this.statementName = name;
  }

  override prepare(connection: PgConnection): void {
    const group = this.#group;
    if (group === null) {
      super.prepare(connection);
      return;
    }
    const { context, place, prepared } = group;
    if (place === "before") {
      sendContext(connection, context, prepared);
      super.prepare(connection);
      this.awaited = "context";
      return;
    }
    this.sendUnsynced(connection);
    sendContext(connection, context, prepared);
    connection.sync();
    this.awaited = "statement";
  }

  override handleDataRow(message: unknown): void {
    if (this.awaited !== "context") super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: PgConnection): void {
    if (this.awaited !== "context") {
      super.handleCommandComplete(message, connection);
      if (this.#group?.place === "after") this.awaited = "context";
      return;
    }
    confirmContext(connection);
    this.awaited = "statement";
  }

  /** Passes the error on once the connection is ready again, or has ended: then its state is known. */
  override handleError(error: Error, connection: PgConnection): void {
    if (this.awaited === "context" || this.#group?.place === "after") this.failContext(connection);
    if (!("severity" in error)) {
      super.handleError(error, connection);
      return;
    }
    const settle = (): void => {
      connection.removeListener("readyForQuery", settle);
      connection.removeListener("end", settle);
      super.handleError(error, connection);
    };
    connection.once("readyForQuery", settle);
    connection.once("end", settle);
  }

  /** BEGIN has no values and no rows. */
  private sendUnsynced(connection: PgConnection): void {
    connection.parse({ name: "", text: this.text });
    connection.bind({ portal: "", statement: "", values: [] });
    connection.execute({ portal: "", rows: 0 });
  }

  /** The server skipped the statement, so it does not have its name either. */
  private failContext(connection: PgConnection): void {
    forgetContext(connection);
    this.contextFailed = true;
    if (this.statementName !== undefined) {
      Reflect.deleteProperty(connection.submittedNamedStatements, this.statementName);
    }
    this.awaited = "statement";
  }
}
