import type { JsonValue } from "@stratum-hq/core";

/** Members whose values are ids of tenants that may be above; in tables, columns of these names. */
const ID_MEMBERS: ReadonlySet<string> = new Set(["parent_id", "moved_tenant_id", "banned_by"]);
const PATH_MEMBER = "ancestry_path";

/** Audit rows of these name tenants so; in those of other resources, the names may be the host's own. */
const TELLING_RESOURCES: ReadonlySet<unknown> = new Set(["tenant", "permission_ban"]);

function isTelling(row: object): boolean {
  return !("resource_type" in row) || TELLING_RESOURCES.has(row.resource_type);
}

function valueOf(row: object, column: string): JsonValue {
  return (row as Readonly<Record<string, JsonValue | undefined>>)[column] ?? null;
}

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
export function tenantsNamed(rows: readonly object[], columns: readonly string[]): string[] {
  const ids = new Set<string>();
  const visit = (name: string, value: JsonValue): void => {
    if (typeof value !== "string") return;
    if (ID_MEMBERS.has(name)) ids.add(value);
    if (name === PATH_MEMBER) for (const id of idsOfPath(value)) ids.add(id);
  };
  for (const row of rows.filter(isTelling)) {
    for (const column of columns) {
      visit(column, valueOf(row, column));
      walk(valueOf(row, column), visit);
    }
  }
  return [...ids];
}

/** A row that names no other tenants in those columns than the known ones. */
export function withKnown<Row extends object>(
  row: Row,
  columns: readonly string[],
  known: ReadonlySet<string>,
): Row {
  if (!isTelling(row)) return row;
  const shown = columns.map((column) => [column, shownValue(column, valueOf(row, column), known)]);
  return { ...row, ...(Object.fromEntries(shown) as Partial<Row>) };
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
