import { PREPARED_STATEMENTS_MAX } from "@stratum-hq/core";
import type { PgConnection, RowDescription } from "./pg-internals";

/** What a statement answers with: its columns, or null where it has no rows. */
export type Described = RowDescription | null;

/** What is known of a name: that it was sent, that the server will not run it any more, or what it answers with. */
type Known = "sent" | "stale" | Described;

/** The names that each connection has sent, the least recently used one first. */
const prepared = new WeakMap<PgConnection, Map<string, Known>>();

function preparedOn(connection: PgConnection): Map<string, Known> {
  let names = prepared.get(connection);
  if (names === undefined) {
    names = new Map<string, Known>();
    prepared.set(connection, names);
  }
  return names;
}

/**
 * What a statement answers with; undefined where it has to be asked for. PostgreSQL refuses to run a prepared
 * statement whose columns have changed since, so that what it told once is true as long as it runs.
 */
export function describedOn(connection: PgConnection, name: string): Described | undefined {
  if (connection.parsedStatements[name] === undefined) return undefined;
  const names = preparedOn(connection);
  const known = names.get(name);
  if (known === undefined || known === "sent" || known === "stale") return undefined;
  names.delete(name);
  names.set(name, known);
  return known;
}

/**
 * Has the server drop what stands in the way of a name that is about to be parsed: what it was before, or the
 * statement that was not used for longest. To be sent before anything that may fail, after which the server would
 * not read it.
 */
export function makeRoomFor(connection: PgConnection, name: string): void {
  const names = preparedOn(connection);
  const [oldest] = names.keys();
  if (names.get(name) === "stale") {
    connection.close({ type: "S", name });
  } else if (oldest !== undefined && !names.has(name) && names.size >= PREPARED_STATEMENTS_MAX) {
    connection.close({ type: "S", name: oldest });
    Reflect.deleteProperty(connection.parsedStatements, oldest);
    names.delete(oldest);
  }
  names.delete(name);
  names.set(name, "sent");
}

/** The server ran the statement, and had described it. */
export function rememberDescribed(connection: PgConnection, name: string, told: Described): void {
  preparedOn(connection).set(name, told);
}

/** The server has the statement by its name, and will not run it any more. */
export function markStale(connection: PgConnection, name: string): void {
  preparedOn(connection).set(name, "stale");
  Reflect.deleteProperty(connection.parsedStatements, name);
  Reflect.deleteProperty(connection.submittedNamedStatements, name);
}

/** The server has none of the statements any more that were prepared on the connection, by whomever. */
export function forgetPrepared(connection: PgConnection): void {
  prepared.delete(connection);
  for (const names of [connection.parsedStatements, connection.submittedNamedStatements]) {
    for (const name of Object.keys(names)) Reflect.deleteProperty(names, name);
  }
}
