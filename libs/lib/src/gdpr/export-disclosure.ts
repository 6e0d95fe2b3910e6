import type { JsonObject, JsonValue } from "@stratum-hq/core";

/** Members whose values are ids of tenants that may be above; in tables, columns of these names. */
const ID_MEMBERS: ReadonlySet<string> = new Set(["parent_id", "moved_tenant_id", "banned_by"]);
const PATH_MEMBER = "ancestry_path";

function idsOfPath(path: string): string[] {
  return path.split("/").filter((id) => id !== "");
}

/** Calls `visit` with the members of an object, and of the objects in it. */
function walk(value: JsonValue, visit: (name: string, value: JsonValue) => void): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    visit(name, inner);
    walk(inner, visit);
  }
}

/** Ids of the tenants that some columns of rows name as parents, ancestors, what moved, or who banned. */
export function tenantsNamed(rows: readonly JsonObject[], columns: readonly string[]): string[] {
  const ids = new Set<string>();
  const visit = (name: string, value: JsonValue): void => {
    if (typeof value !== "string") return;
    if (ID_MEMBERS.has(name)) ids.add(value);
    if (name === PATH_MEMBER) for (const id of idsOfPath(value)) ids.add(id);
  };
  for (const row of rows) {
    for (const column of columns) {
      visit(column, row[column] ?? null);
      walk(row[column] ?? null, visit);
    }
  }
  return [...ids];
}

/** A row that names no other tenants in those columns than the known ones. */
export function withKnown(
  row: JsonObject,
  columns: readonly string[],
  known: ReadonlySet<string>,
): JsonObject {
  const shown = { ...row };
  for (const column of columns) shown[column] = shownValue(column, row[column] ?? null, known);
  return shown;
}

function shownValue(name: string, value: JsonValue, known: ReadonlySet<string>): JsonValue {
  if (typeof value === "string") return shownText(name, value, known);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => shownValue("", inner, known));
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [member, shownValue(member, inner, known)]),
  );
}

function shownText(name: string, text: string, known: ReadonlySet<string>): JsonValue {
  if (ID_MEMBERS.has(name)) return known.has(text) ? text : null;
  if (name !== PATH_MEMBER) return text;
  return `/${idsOfPath(text)
    .filter((id) => known.has(id))
    .join("/")}`;
}
