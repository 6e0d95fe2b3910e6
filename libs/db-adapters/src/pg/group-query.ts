import type { ContextValues } from "../context/context-statement";
import { confirmContext, forgetContext, sendContext } from "./context-names";
import {
  PgQueryClass,
  valueMapper,
  type Callback,
  type ExtendedQuery,
  type PgConnection,
  type RowDescription,
} from "./pg-internals";
import {
  describedOn,
  makeRoomFor,
  markStale,
  rememberDescribed,
  type Described,
} from "./prepared-statements";
import { isPlanStale } from "./tenant-errors";

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
  /** What the server tells of the statement meanwhile; undefined where it was not asked. */
  #described: Described | undefined;

  constructor(query: ExtendedQuery, group: Group | null, callback: Callback) {
    // pg copies what is not a text property by property, for more than the rest of it takes.
    const isPlain = query.types === undefined && query.rowMode === undefined;
    super(isPlain ? query.text : query, undefined, callback);
    if (isPlain) {
      this.values = query.values;
      this.name = query.name;
      this.queryMode = query.queryMode;
    }
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
    if (group?.place === "after") {
      this.sendUnsynced(connection);
      sendContext(connection, group.context, group.prepared);
      connection.sync();
      this.awaited = "statement";
      return;
    }
    const name = this.statementName;
    const told = name === undefined ? undefined : describedOn(connection, name);
    if (name !== undefined && told === undefined) makeRoomFor(connection, name);
    if (group !== null) sendContext(connection, group.context, group.prepared);
    this.sendStatement(connection, told);
    if (group !== null) this.awaited = "context";
  }

  override handleRowDescription(message: RowDescription): void {
    // Whoever gets a result may do with its fields what they like.
    this.#described = { fields: [...message.fields] };
    super.handleRowDescription(message);
  }

  override handleDataRow(message: unknown): void {
    if (this.awaited !== "context") super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: PgConnection): void {
    if (this.awaited !== "context") {
      super.handleCommandComplete(message, connection);
      if (this.#described !== undefined && this.statementName !== undefined) {
        rememberDescribed(connection, this.statementName, this.#described);
      }
      if (this.#group?.place === "after") this.awaited = "context";
      return;
    }
    confirmContext(connection);
    this.awaited = "statement";
  }

  /** Passes the error on once the connection is ready again, or has ended: then its state is known. */
  override handleError(error: Error, connection: PgConnection): void {
    if (this.awaited === "context" || this.#group?.place === "after") this.failContext(connection);
    if (this.statementName !== undefined && isPlanStale(error)) {
      markStale(connection, this.statementName);
    }
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

  /** pg asks for the columns each time; what the server has told is not asked again. */
  private sendStatement(connection: PgConnection, told: Described | undefined): void {
    const statement = this.statementName;
    if (statement === undefined || told === undefined) {
      this.#described = null;
      super.prepare(connection);
      return;
    }
    if (told !== null) super.handleRowDescription({ fields: [...told.fields] });
    try {
      const { values, binary } = this;
      connection.bind({ portal: "", statement, values, valueMapper, binary });
      connection.execute({ portal: "", rows: 0 });
    } catch (error) {
      // A value that cannot be sent; the server is asked to answer what it has got so far.
      this.handleError(error as Error, connection);
    }
    connection.sync();
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
