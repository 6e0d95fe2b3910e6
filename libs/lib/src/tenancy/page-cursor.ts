import {
  MAX_UNPAGED_RESULTS,
  pageSchema,
  ResultTooLargeError,
  validate,
  ValidationError,
  type Page,
  type PageInput,
} from "@stratum-hq/core";
import { z } from "zod";

/** A position in a list as opaque text. */
function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/**
 * Reads a position back; null for the start of the list.
 *
 * @throws ValidationError for text that is no cursor of this list
 */
export function decodeCursor<Schema extends z.ZodType>(
  schema: Schema,
  cursor: string | null | undefined,
): z.output<Schema> | null {
  if (cursor == null) return null;
  const parsed = schema.safeParse(parsedJson(Buffer.from(cursor, "base64url").toString()));
  if (parsed.success) return parsed.data;
  const message = "expected the next_cursor of the page before";
  throw new ValidationError("query", [{ path: "cursor", message }]);
}

/**
 * A list as it is, where it is complete or was asked for in parts.
 *
 * @param limit how many were asked for; undefined for all
 * @param use the call that returns parts, and what of, for the message
 * @throws ResultTooLargeError for more than 10,000 without a limit
 */
export function complete<Row>(
  rows: readonly Row[],
  limit: number | undefined,
  use: string,
  what?: string,
): Row[] {
  if (limit === undefined && rows.length > MAX_UNPAGED_RESULTS)
    throw new ResultTooLargeError(use, what);
  return [...rows];
}

/**
 * A page of rows in order.
 *
 * @param rows one more than `limit`, where there are more
 * @param positionOf what the next page starts behind
 */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => unknown,
): Page<Row> {
  const data = rows.slice(0, limit);
  const has_more = rows.length > limit;
  const next_cursor = has_more ? encodeCursor(positionOf(data.at(-1) as Row)) : null;
  return { data, next_cursor, has_more };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How much of a list is read: all of it, or (where `limit` is given) a page. */
export interface ListRequest {
  /** The id behind which the page begins; null for the start. */
  readonly cursor: string | null;
  readonly limit: number | undefined;
  /** How many rows to read: one more than are answered, where there are more. */
  readonly rows: number;
}

/**
 * Reads what a list by ids is asked for.
 *
 * @param query undefined for all of it
 * @throws ValidationError
 */
export function listRequest(query: PageInput | undefined): ListRequest {
  if (query === undefined) return { cursor: null, limit: undefined, rows: MAX_UNPAGED_RESULTS + 1 };
  const { cursor, limit } = validate(pageSchema, query, "query");
  return { cursor: decodeCursor(z.guid(), cursor), limit, rows: limit + 1 };
}

/**
 * A list by ids as it was asked for.
 *
 * @param use the call that returns pages, and what of, for the message
 * @throws ResultTooLargeError for more than 10,000 where all of it was asked for
 */
export function listed<Row extends { readonly id: string }>(
  rows: readonly Row[],
  { limit }: ListRequest,
  use: string,
  what?: string,
): Row[] | Page<Row> {
  return limit === undefined
    ? complete(rows, undefined, use, what)
    : pageOf(rows, limit, ({ id }) => id);
}
