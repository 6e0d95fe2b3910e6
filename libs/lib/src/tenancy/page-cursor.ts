import { ValidationError } from "@stratum-hq/core";
import type { z } from "zod";

/** A position in a list as opaque text. */
export function encodeCursor(position: unknown): string {
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

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
