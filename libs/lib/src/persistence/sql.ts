import { createHash } from "node:crypto";
import type { ClientBase, QueryConfig } from "pg";
import { COLUMN_TYPES } from "@stratum-hq/db-adapters";
import { translateDatabaseError } from "./database-errors";

/** Runs statements; every value is bound, never spliced into the text. */
export interface Sql {
  /** Rows of one statement, columns as {@link COLUMN_TYPES} reads them. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * SQL that compares with any of a list, which is bound. PostgreSQL takes an unknown list for ten items,
 * and plans anew each time rather than plan for ten: a list of one, which is nearly every one, is none.
 *
 * @param values of the statement so far; the list is added
 */
export function among(values: unknown[], list: readonly string[], type: "uuid" | "text"): string {
  return list.length === 1
    ? `= $${values.push(list[0])}::${type}`
    : `= any($${values.push(list)}::${type}[])`;
}

/** Whether statements are prepared once on each connection, under a name, or parsed every time. */
export type PreparedStatements = "auto" | "off";

/** Statements have few texts: what varies is bound, save for a handful of options. */
const names = new Map<string, string>();

/** What runs for one tenant: DDL, and statements on tables of its own, whose schema has its id in its name. */
const SENT_ONCE = /^\s*(?:create|alter|drop|grant|revoke|set)\b|[0-9a-f]{32}/i;

/** Undefined for a text that would stay prepared on each connection, and never be sent on it again. */
function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (name === undefined && !SENT_ONCE.test(text)) {
    name = `stratum_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
    names.set(text, name);
  }
  return name;
}

/**
 * A statement as the driver takes it. Its name is a hash of its text, the same in every process; what is of one
 * tenant's storage has none.
 */
export function statement(
  text: string,
  values: readonly unknown[],
  prepared: PreparedStatements,
): QueryConfig {
  const query = { text, values: values as unknown[], types: COLUMN_TYPES };
  return prepared === "off" ? query : { ...query, name: nameOf(text) };
}

/**
 * Statements over a connection that its owner goes on with: nothing is prepared on it. What they fail with is told
 * as `Database` tells it.
 */
export function sqlOver(client: ClientBase): Sql {
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) => {
      try {
        return (await client.query(statement(text, values, "off"))).rows as Row[];
      } catch (error) {
        throw translateDatabaseError(error);
      }
    },
  };
}
