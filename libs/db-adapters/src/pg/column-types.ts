import { types, type ClientBase, type CustomTypesConfig, type Pool, type QueryResultRow } from "pg";

const { builtins } = types;

/** A time in UTC of a year with four digits, which is nearly every one. */
const UTC_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/;

/** `2026-11-23 10:00:00.123456+00`, as PostgreSQL writes it under DateStyle ISO. */
function parseTimestamp(text: string): string {
  const utc = UTC_TIME.exec(text);
  if (utc !== null) {
    const milliseconds = (utc[3] ?? "").padEnd(3, "0").slice(0, 3);
    return `${utc[1]}T${utc[2]}.${milliseconds}Z`;
  }
  const withOffset = text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00");
  return new Date(withOffset).toISOString();
}

const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [builtins.INT2, Number],
  [builtins.INT4, Number],
  [builtins.INT8, Number],
  [builtins.BOOL, (text) => text === "t"],
  [builtins.JSON, JSON.parse],
  [builtins.JSONB, JSON.parse],
  [builtins.TIMESTAMPTZ, parseTimestamp],
]);

function asText(text: string): string {
  return text;
}

/** A pool that asks for bytes gets an error, rather than answers that mean something else. */
function refuseBytes(): never {
  throw new TypeError("Stratum reads columns as text: make its pools without `binary: true`.");
}

/**
 * Column types of Stratum's own statements, passed with each of them: what the host application
 * registered in `pg.types` for the whole process does not reach us, nor ours it. Times are ISO 8601
 * text in UTC; whatever has no parser here stays text.
 */
export const COLUMN_TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    format === "binary"
      ? refuseBytes
      : (PARSERS.get(oid) ?? asText)) as CustomTypesConfig["getTypeParser"],
};

/** The rows of a statement of ours, columns as {@link COLUMN_TYPES} reads them. */
export async function ownRows<Row extends QueryResultRow>(
  client: ClientBase | Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const query = { text, values: [...values], types: COLUMN_TYPES };
  return (await client.query<Row>(query)).rows;
}
