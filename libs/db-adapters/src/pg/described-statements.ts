import type { PgConnection, RowDescription } from "./pg-internals";

/** What a statement answers with: its columns, or null where it has no rows. */
export type Described = RowDescription | null;

/** What the server of a connection told of the statements that it has by name. */
const described = new WeakMap<PgConnection, Map<string, Described | "stale">>();

function knownOn(connection: PgConnection): Map<string, Described | "stale"> {
  let known = described.get(connection);
  if (known === undefined) {
    known = new Map<string, Described | "stale">();
    described.set(connection, known);
  }
  return known;
}

/**
 * What a statement answers with; undefined where it has to be asked for. PostgreSQL refuses to run a prepared
 * statement whose columns have changed since, so that what it told once is true as long as it runs.
 */
export function describedOn(connection: PgConnection, name: string): Described | undefined {
  const isParsed = connection.parsedStatements[name] !== undefined;
  const known = isParsed ? described.get(connection)?.get(name) : undefined;
  return known === "stale" ? undefined : known;
}

/** The server ran the statement, and had described it. */
export function rememberDescribed(connection: PgConnection, name: string, told: Described): void {
  knownOn(connection).set(name, told);
}

/** The server has the statement by its name, and will not run it any more. */
export function markStale(connection: PgConnection, name: string): void {
  knownOn(connection).set(name, "stale");
  Reflect.deleteProperty(connection.parsedStatements, name);
  Reflect.deleteProperty(connection.submittedNamedStatements, name);
}

/** Whether the name has to be closed before a statement can be parsed under it. */
export function isStale(connection: PgConnection, name: string): boolean {
  return described.get(connection)?.get(name) === "stale";
}
