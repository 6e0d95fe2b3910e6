import { ValidationError } from "@stratum-hq/core";
import type { CustomTypesConfig } from "pg";
import type { ExtendedQuery } from "./pg-internals";
import { requireTenantStatement } from "./statement-rules";

/** A statement of a tenant's. Values are always bound, and several statements in one text are refused. */
export interface TenantQuery {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Rows as arrays of columns rather than as objects. */
  readonly rowMode?: "array";
  readonly types?: CustomTypesConfig;
}

/** What gives a statement's text the name that it is prepared under. */
interface Naming {
  nameOf(text: string): string | undefined;
}

/**
 * The statement as pg sends it.
 *
 * @throws StatementForbiddenError, ValidationError
 */
export function extendedQuery(
  query: string | TenantQuery,
  values: readonly unknown[] | undefined,
  names: Naming | null,
): ExtendedQuery {
  const { text, rowMode, types, values: own } = typeof query === "string" ? { text: query } : query;
  // A query of pg's class, a cursor or a COPY sends itself, and nobody sees what.
  if (typeof (text as unknown) !== "string" || (typeof query === "object" && "submit" in query)) {
    const message = "a text, or { text, values }; streams: use stream(text, values) of a client";
    throw new ValidationError("query", [{ path: "text", message }]);
  }
  requireTenantStatement(text);
  return {
    text,
    values: [...(values ?? own ?? [])],
    name: names?.nameOf(text),
    queryMode: "extended",
    ...(rowMode === undefined ? {} : { rowMode }),
    ...(types === undefined ? {} : { types }),
  };
}

/** A statement of ours, as it is. */
export function ownQuery(text: string, values: readonly unknown[] = []): ExtendedQuery {
  return { text, values: [...values], queryMode: "extended" };
}
