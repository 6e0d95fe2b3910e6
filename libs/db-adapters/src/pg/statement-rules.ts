import { StatementForbiddenError } from "@stratum-hq/core";

const USE_TRANSACTION = "Use transaction(work), or begin(), commit() and rollback() of a client.";
const USE_SAVEPOINT =
  "Nest transaction(work), or use savepoint(), releaseSavepoint() and rollbackToSavepoint().";
const USE_SET_CONFIG =
  "Use select set_config(name, value, true), which ends with the transaction, or pass the setting to the pool.";
const USE_OWN_POOL = "Listen on a connection of your own pool.";
const USE_STREAM = "Use stream(text, values) of a client.";
const USE_OTHER_CONNECTION =
  "Tenants read and write rows: SELECT, INSERT, UPDATE, DELETE, MERGE, WITH, VALUES, TABLE, and EXPLAIN of these. " +
  "Run anything else on a connection of your own pool, for instance in a migration.";

/** What to do instead, by how a refused statement begins. */
const REMEDIES: Readonly<Record<string, string>> = {
  BEGIN: USE_TRANSACTION,
  START: USE_TRANSACTION,
  COMMIT: USE_TRANSACTION,
  END: USE_TRANSACTION,
  ROLLBACK: USE_TRANSACTION,
  ABORT: USE_TRANSACTION,
  SAVEPOINT: USE_SAVEPOINT,
  RELEASE: USE_SAVEPOINT,
  PREPARE: "Send the statement itself: it is prepared by its text.",
  EXECUTE: "Send the statement itself: it is prepared by its text.",
  SET: USE_SET_CONFIG,
  RESET: USE_SET_CONFIG,
  SHOW: "Use select current_setting(name).",
  LISTEN: USE_OWN_POOL,
  UNLISTEN: USE_OWN_POOL,
  NOTIFY: "Use select pg_notify(channel, payload).",
  DECLARE: USE_STREAM,
  FETCH: USE_STREAM,
  MOVE: USE_STREAM,
  CLOSE: USE_STREAM,
  COPY: "Read by stream(text, values) of a client, and write by insert … select from unnest($1, …).",
  LOCK: "Use select … for update, or select pg_advisory_xact_lock(key).",
  DO: "Create a function in a migration, and call it by select.",
  CALL: "Create a function in a migration, and call it by select.",
};

const ROW_WORDS = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE"];

/**
 * Most statements begin with one of the words at once. A word that goes on, by `$` or a letter beyond ASCII too, is
 * another one.
 */
const BEGINS_WITH_ROW_WORD = new RegExp(
  `^[ \\t\\n\\r\\f\\v]*(?:${ROW_WORDS.join("|")})(?![\\w$\\u0080-\\uffff])`,
  "i",
);

/** What PostgreSQL skips before a statement: space, `;`, comments to the end of the line. */
const SKIPPED = /^(?:[ \t\n\r\f\v;]+|--[^\n\r]*)/;

/** What may stand between EXPLAIN and its statement. A comment or any other string among the options is refused. */
const EXPLAIN_OPTIONS = /^\((?:[\w \t\n\r\f\v,]|'\w*')*\)/;

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

/** The text of a query without the parentheses around it. */
function withoutParentheses(text: string): string {
  let rest = fromFirstWord(text);
  while (rest.startsWith("(")) rest = fromFirstWord(rest.slice(1));
  return rest;
}

/** The first word in capitals, or the character that is there instead of one. */
function wordOf(text: string): string {
  return (/^(?:[\w$\u0080-\uffff]+|[^]?)/.exec(text)?.[0] ?? "").toUpperCase();
}

/** How the statement begins that an EXPLAIN is of. */
function explained(text: string): string {
  let rest = fromFirstWord(text);
  if (rest.startsWith("(")) {
    const inside = withoutParentheses(rest);
    if (BEGINS_WITH_ROW_WORD.test(inside)) return wordOf(inside);
    rest = fromFirstWord(rest.replace(EXPLAIN_OPTIONS, ""));
  } else {
    for (const option of ["ANALYZE", "ANALYSE", "VERBOSE"]) {
      if (wordOf(rest) === option) rest = fromFirstWord(rest.slice(option.length));
    }
  }
  return wordOf(withoutParentheses(rest));
}

/**
 * Refuses every statement but those that read and write rows, before it is sent: no other could be kept from leaving
 * something on the connection, ending the transaction that holds the context, or changing what isolates tenants
 * (docs/adr/0047). What a function does with `set_config` is not seen here: docs/isolation.md says what that can do.
 *
 * @throws StatementForbiddenError
 */
export function requireTenantStatement(text: string): void {
  if (BEGINS_WITH_ROW_WORD.test(text)) return;
  const start = withoutParentheses(text);
  const first = wordOf(start);
  const isExplain = first === "EXPLAIN";
  const word = isExplain ? explained(start.slice(first.length)) : first;
  if (ROW_WORDS.includes(word)) return;
  const remedy = Object.hasOwn(REMEDIES, word) ? REMEDIES[word] : undefined;
  throw new StatementForbiddenError(
    isExplain ? `EXPLAIN ${word}`.trim() : word,
    remedy ?? USE_OTHER_CONNECTION,
  );
}
