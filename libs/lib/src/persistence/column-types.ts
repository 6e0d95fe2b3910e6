import { types, type CustomTypesConfig } from "pg";

const { builtins } = types;

/** `2026-11-23 10:00:00.123456+00`, as PostgreSQL writes it under DateStyle ISO. */
function parseTimestamp(text: string): string {
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

/**
 * Column types of Stratum's own statements, passed with each of them: what the host application
 * registered in `pg.types` for the whole process does not reach us, nor ours it. Times are ISO 8601
 * text in UTC; whatever has no parser here stays text.
 */
export const COLUMN_TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number) =>
    PARSERS.get(oid) ?? asText) as CustomTypesConfig["getTypeParser"],
};
