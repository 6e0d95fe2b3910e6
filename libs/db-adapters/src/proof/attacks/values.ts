import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { TargetColumn } from "./target";

/** Values for types that no category covers. */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  json: ["{}", "[]", "null", '"a"'],
  jsonb: ["{}", "[]", "null", '"a"'],
  bytea: ["\\x00", `\\x${"00".repeat(32)}`],
  uuid: [],
  xml: ["<a/>"],
  macaddr: ["08:00:2b:01:02:03"],
  macaddr8: ["08:00:2b:01:02:03:04:05"],
  tsvector: ["a"],
  tsquery: ["a"],
  pg_lsn: ["0/0"],
  ltree: ["a"],
};

const BY_CATEGORY: Readonly<Record<string, readonly string[]>> = {
  A: ["{}"],
  B: ["true", "false"],
  D: ["2026-01-01 12:00:00", "12:00:00"],
  G: ["(0,0)", "((0,0),(1,1))", "<(0,0),1>", "{1,-1,0}"],
  I: ["127.0.0.1", "10.0.0.0/8"],
  N: ["1", "0", "100", "-1"],
  R: ["empty", "(,)", "[1,2)", "[2026-01-01,2026-01-02)"],
  S: ["a", "A", "1", "a@example.com", "https://example.com", "abc", ""],
  T: ["1 day"],
  V: ["1", "0"],
};

/** Values that no other row has, where the type has as many. */
function fresh({ type, category }: TargetColumn): string[] {
  if (type === "uuid") return [randomUUID()];
  if (category === "N") return [String(randomInt(2, 30_000))];
  return category === "S" ? [8, 4, 2, 1].map((bytes) => randomBytes(bytes).toString("hex")) : [];
}

/**
 * What a column may take, likeliest first, as text that PostgreSQL reads by the column's type: a fresh value,
 * the labels of an enum, the literals of its CHECKs, and what fits most columns of its kind.
 */
export function candidatesFor(column: TargetColumn): readonly string[] {
  const { type, category, labels, literals } = column;
  const usual = BY_TYPE[type] ?? BY_CATEGORY[category] ?? ["", "0", "{}", "(,)"];
  return [...new Set([...fresh(column), ...labels, ...literals, ...usual])];
}
