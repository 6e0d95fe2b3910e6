import type { JsonObject } from "@stratum-hq/core";

/** Digits that a double keeps, whichever they are. */
const EXACT_DIGITS = 15;

/** A text, which is passed over, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The digits of a number that count. */
function significant(number: string): number {
  const [mantissa = ""] = number.toLowerCase().split("e");
  return mantissa.replace(/\D/g, "").replace(/^0+/, "").replace(/0+$/, "").length;
}

/** Whether a double is the number itself. */
function isExact(number: string): boolean {
  return significant(number) <= EXACT_DIGITS || Number.isSafeInteger(Number(number));
}

/**
 * A row as an object. Numbers of more digits than a double keeps (`bigint`, `numeric`) become texts, which have them
 * all; the lines of a stream have them as they are.
 */
export function parseExact(json: string): JsonObject {
  const kept = json.replace(TOKEN, (token) =>
    token.startsWith('"') || isExact(token) ? token : `"${token}"`,
  );
  return JSON.parse(kept) as JsonObject;
}
