import type { Duplex } from "node:stream";
import * as pg from "pg";
import { Query, type QueryConfig, type QueryResult } from "pg";

/**
 * What message groups lean on in pg, and its types do not have. pg-internals.spec.ts and the contract suite
 * pin it; where a client lacks it, statements go in transactions of their own instead.
 */
export interface PgConnection {
  /** Texts of named statements that the server has confirmed, and of those just sent. */
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  /** The socket; what pg reads of it, a listener of its "data" takes apart. */
  readonly stream: Duplex;
  parse(message: { name: string; text: string; types?: undefined }): void;
  bind(message: {
    portal: string;
    statement: string;
    values: readonly unknown[] | undefined;
    /** Gives a value as text or bytes; left out, they all are texts. */
    valueMapper?: (value: unknown) => unknown;
    /** Whether columns come as bytes. */
    binary?: boolean | undefined;
  }): void;
  close(message: { type: "S"; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
  once(event: "readyForQuery" | "end", listener: () => void): unknown;
  removeListener(event: "readyForQuery" | "end", listener: () => void): unknown;
}

/** The columns of a statement, as the server tells them. */
export interface RowDescription {
  readonly fields: readonly object[];
}

/** The methods of pg.Query that the client calls, as answers arrive. */
export interface PgQuery {
  name: string | undefined;
  readonly text: string;
  values: readonly unknown[] | undefined;
  queryMode: "extended" | undefined;
  readonly binary: boolean | undefined;
  submit(connection: PgConnection): Error | null;
  prepare(connection: PgConnection): void;
  handleRowDescription(message: RowDescription): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: PgConnection): void;
  handleError(error: Error, connection: PgConnection): void;
}

/** How pg calls back: with an error, or with a result. */
export type Callback = (error: Error | null, result?: QueryResult) => void;

/** A statement as pg takes it; `queryMode` keeps it out of the simple protocol, which would take several. */
export type ExtendedQuery = QueryConfig<unknown[]> & {
  readonly queryMode: "extended";
  readonly rowMode?: "array";
};

const { utils } = pg as { utils?: { prepareValue: (value: unknown) => unknown } };

/** What pg sends of a value: bytes, a text, or null. */
export const valueMapper = utils?.prepareValue;

// pg's types say of the class only what its callers need.
export const PgQueryClass = Query as unknown as new (
  query: ExtendedQuery | string,
  values: undefined,
  callback: Callback,
) => PgQuery;

/** Whether pg is the one that {@link PgQuery} describes. */
const isKnownPg =
  valueMapper !== undefined &&
  has(Query.prototype, "function", [
    ...["submit", "prepare", "handleRowDescription"],
    ...["handleDataRow", "handleCommandComplete", "handleError"],
  ]);

/** Whether the client is the one that {@link PgConnection} and {@link PgQuery} describe. */
export function speaksMessageGroups(client: object): boolean {
  const connection: unknown = Reflect.get(client, "connection");
  return (
    isKnownPg &&
    has(connection, "function", ["parse", "bind", "execute", "close", "sync"]) &&
    has(connection, "object", ["parsedStatements", "submittedNamedStatements", "stream"])
  );
}

/** The inside of a client that {@link speaksMessageGroups}; undefined for any other. */
export function connectionOf(client: object): PgConnection | undefined {
  const connection: unknown = Reflect.get(client, "connection");
  return speaksMessageGroups(client) ? (connection as PgConnection) : undefined;
}

function has(of: unknown, type: "function" | "object", names: readonly string[]): boolean {
  return (
    typeof of === "object" &&
    of !== null &&
    names.every((name) => typeof Reflect.get(of, name) === type)
  );
}
