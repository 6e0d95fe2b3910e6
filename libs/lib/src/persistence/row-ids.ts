/** Microseconds since 1970, as the database counts them. */
const MICROSECONDS = "(extract(epoch from now()) * 1000000)::bigint";

/** SQL of the first 16 hexadecimal digits: now(). */
const TIME = `(select lpad(to_hex(at / 1000), 12, '0') || '7' ||
    lpad(to_hex(at % 1000 * 4096 / 1000), 3, '0') from (select ${MICROSECONDS} as at) as clock)`;

/** The variant of RFC 9562 in front of a counter of 26 bits: seven hexadecimal digits. */
const VARIANT_AND_COUNTER = 0x8000000;

/**
 * SQL for the ids of audit rows and events that one statement writes: UUIDs of version 7 that begin with
 * now(), the rows' `created_at`, so that the order of ids is the order of time. Behind the milliseconds stand the
 * microseconds, as a fraction of 4096 (RFC 9562, 6.2, method 3), then the number of the row (method 1).
 *
 * @param tail SQL of 9 random hexadecimal digits, which keep apart what other statements write in the
 *   same microsecond
 */
export function rowIds(tail: string): string {
  return `(${TIME} || to_hex(${VARIANT_AND_COUNTER} | (row_number() over ())::int) || ${tail})::uuid`;
}

/** SQL for the least id of rows that the running transaction writes. */
export const LEAST_OWN_ROW_ID = `rpad(${TIME}, 32, '0')::uuid`;

/** The random digits of a UUID that {@link rowIds} ends in. */
export function rowIdTail(uuid: string): string {
  return uuid.slice(-9);
}

/**
 * The least id of rows that were written then or later.
 *
 * @param time ISO 8601, to the millisecond
 */
export function leastRowId(time: string): string {
  const hex = Math.max(0, Date.parse(time)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
