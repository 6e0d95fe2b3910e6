import { StatementForbiddenError } from "@stratum-hq/core";

const USE_TRANSACTION = "Use transaction(work), or begin(), commit() and rollback() of a client.";
const OUTLIVES = "What it sets would outlive the tenant's context on a pooled connection.";

/** What a tenant's statement may not begin with, and what to do instead. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  BEGIN: USE_TRANSACTION,
  START: USE_TRANSACTION,
  COMMIT: USE_TRANSACTION,
  END: USE_TRANSACTION,
  ROLLBACK: USE_TRANSACTION,
  ABORT: USE_TRANSACTION,
  SAVEPOINT: "Nest transaction(work): it makes savepoints.",
  RELEASE: "Nest transaction(work): it makes savepoints.",
  PREPARE: OUTLIVES,
  EXECUTE: OUTLIVES,
  DEALLOCATE: OUTLIVES,
  DISCARD: OUTLIVES,
  SET: OUTLIVES,
  RESET: OUTLIVES,
  LISTEN: "Listen on a connection of your own pool.",
  UNLISTEN: "Listen on a connection of your own pool.",
  LOAD: OUTLIVES,
  DO: "Call a function, which is checked when it is made.",
};

/** What PostgreSQL skips before a statement: space, `;`, comments to the end of the line. */
const SKIPPED = /^(?:[\s;]+|--[^\n\r]*)/;

/** The text from its first word on, comments skipped, which nest. */
function fromFirstWord(text: string): string {
  let rest = text;
  for (;;) {
    const [skipped = ""] = SKIPPED.exec(rest) ?? [];
    rest = rest.slice(skipped.length);
    if (rest.startsWith("/*")) rest = afterComment(rest);
    else if (skipped === "") return rest;
  }
}

function afterComment(text: string): string {
  let depth = 0;
  for (const { 0: mark, index } of text.matchAll(/\/\*|\*\//g)) {
    depth += mark === "/*" ? 1 : -1;
    if (depth === 0) return text.slice(index + 2);
  }
  return "";
}

/**
 * Refuses statements that leave something behind on the connection, or end the transaction that holds the
 * context. What a function does with `set_config` is not seen here: docs/isolation.md says what that can do.
 *
 * @throws StatementForbiddenError
 */
export function requireTenantStatement(text: string): void {
  const [word = ""] = /^\w*/.exec(fromFirstWord(text)) ?? [];
  const beginning = word.toUpperCase();
  const remedy = Object.hasOwn(FORBIDDEN, beginning) ? FORBIDDEN[beginning] : undefined;
  if (remedy !== undefined) throw new StatementForbiddenError(beginning, remedy);
}
