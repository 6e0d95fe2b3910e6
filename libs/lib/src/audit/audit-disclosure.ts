import type { AuditEntry, JsonObject, JsonValue } from "@stratum-hq/core";

/** Where states of tenants name other tenants. */
const ID_FIELDS = ["parent_id", "moved_tenant_id"] as const;
const PATH_FIELD = "ancestry_path";

function isObject(state: JsonValue): state is JsonObject {
  return typeof state === "object" && state !== null && !Array.isArray(state);
}

function idsOfPath(path: JsonValue | undefined): string[] {
  return typeof path === "string" ? path.split("/").filter((id) => id !== "") : [];
}

function statesOf(entry: AuditEntry): JsonObject[] {
  return entry.resource_type === "tenant"
    ? [entry.before_state, entry.after_state].filter(isObject)
    : [];
}

/** Ids of the tenants that the entries of tenants name as parents, ancestors or what moved. */
export function tenantsNamedIn(entries: readonly AuditEntry[]): string[] {
  const ids = entries
    .flatMap(statesOf)
    .flatMap((state) => [
      ...ID_FIELDS.map((field) => state[field]).filter((id) => typeof id === "string"),
      ...idsOfPath(state[PATH_FIELD]),
    ]);
  return [...new Set(ids)];
}

/** An entry that names no other tenants of that kind than the known ones. */
export function withKnownTenants(entry: AuditEntry, known: ReadonlySet<string>): AuditEntry {
  if (entry.resource_type !== "tenant") return entry;
  const shown = (state: JsonValue): JsonValue =>
    isObject(state) ? shownState(state, known) : state;
  return {
    ...entry,
    before_state: shown(entry.before_state),
    after_state: shown(entry.after_state),
  };
}

function shownState(state: JsonObject, known: ReadonlySet<string>): JsonObject {
  const shown = { ...state };
  for (const field of ID_FIELDS) {
    const id = shown[field];
    if (typeof id === "string" && !known.has(id)) shown[field] = null;
  }
  if (typeof shown[PATH_FIELD] === "string") {
    shown[PATH_FIELD] = `/${idsOfPath(shown[PATH_FIELD])
      .filter((id) => known.has(id))
      .join("/")}`;
  }
  return shown;
}
