import { randomBytes } from "node:crypto";
import { CONTEXT_STATEMENT, type ContextValues } from "../context/context-statement";
import type { PgConnection } from "./pg-internals";

/** The name of the context statement on one connection: random, so that nobody's statement guesses it. */
interface ContextName {
  readonly name: string;
  parsed: boolean;
}

const names = new WeakMap<PgConnection, ContextName>();

function nameOn(connection: PgConnection): ContextName {
  let known = names.get(connection);
  if (known === undefined) {
    known = { name: `stratum_context_${randomBytes(8).toString("hex")}`, parsed: false };
    names.set(connection, known);
  }
  return known;
}

/** Sends the context statement, and no Sync: it runs in one transaction with what follows. */
export function sendContext(
  connection: PgConnection,
  values: ContextValues,
  prepared: boolean,
): void {
  const { name, parsed } = prepared ? nameOn(connection) : { name: "", parsed: false };
  if (!parsed) connection.parse({ name, text: CONTEXT_STATEMENT });
  connection.bind({ portal: "", statement: name, values });
  connection.execute({ portal: "", rows: 0 });
}

/** The server has run the context statement, so it has it by its name. */
export function confirmContext(connection: PgConnection): void {
  const known = names.get(connection);
  if (known !== undefined) known.parsed = true;
}

/** The statement failed, and whether the server has its name is not known: the next one gets another. */
export function forgetContext(connection: PgConnection): void {
  names.delete(connection);
}
