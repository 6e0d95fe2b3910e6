import { jsonEqual } from "../json/json-equal";
import type { JsonValue } from "../json/json-value";
import type { ResolvedConfig } from "./fold";

/** From best to worst; a result's status is the worst of its keys'. */
export const DRIFT_STATUSES = ["ok", "override", "missing", "conflict"] as const;
export type DriftStatus = (typeof DRIFT_STATUSES)[number];

/** How one key of a child stands to its parent's. */
export interface DriftDetail {
  readonly key: string;
  readonly status: DriftStatus;
  readonly parentValue?: JsonValue;
  readonly childValue?: JsonValue;
  /** Whether the parent's value is locked. */
  readonly locked: boolean;
}

export interface DriftResult {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly status: DriftStatus;
  readonly overrides: number;
  readonly missing: number;
  readonly conflicts: number;
  readonly details: readonly DriftDetail[];
}

export interface BatchDriftResult {
  readonly parent_id: string;
  readonly parent_name: string;
  readonly results: readonly DriftResult[];
  readonly summary: Readonly<Record<DriftStatus, number>>;
}

/** A key's own value at the child, whether it is effective or shadowed by a lock. */
export type OwnValues = ReadonlyMap<string, JsonValue>;

function hasShadowedOverride(own: OwnValues, key: string, parentValue: JsonValue): boolean {
  const value = own.get(key);
  return value !== undefined && !jsonEqual(value, parentValue);
}

function driftOf(
  key: string,
  parent: ResolvedConfig,
  child: ResolvedConfig,
  own: OwnValues,
): DriftDetail {
  const above = Object.hasOwn(parent, key) ? parent[key] : undefined;
  const below = Object.hasOwn(child, key) ? child[key] : undefined;
  const detail = (status: DriftStatus): DriftDetail => ({
    key,
    status,
    ...(above === undefined ? {} : { parentValue: above.value }),
    ...(below === undefined ? {} : { childValue: below.value }),
    locked: above?.locked ?? false,
  });
  if (above === undefined || below === undefined) return detail("missing");
  const differs = !jsonEqual(above.value, below.value);
  if (above.locked) {
    return detail(differs || hasShadowedOverride(own, key, above.value) ? "conflict" : "ok");
  }
  return detail(differs ? "override" : "ok");
}

/**
 * How a child's configuration stands to its parent's, key by key: `ok` equal; `override` another
 * value; `missing` only one of the two has the key; `conflict` the parent locks the key and the child
 * keeps another value of its own for it (shadowed, and back when the lock goes).
 */
export function computeDrift(
  tenant: { readonly id: string; readonly name: string },
  parent: ResolvedConfig,
  child: ResolvedConfig,
  own: OwnValues,
): DriftResult {
  const keys = [...new Set([...Object.keys(parent), ...Object.keys(child)])].sort();
  const details = keys.map((key) => driftOf(key, parent, child, own));
  const count = (status: DriftStatus): number =>
    details.filter((detail) => detail.status === status).length;
  const worst = DRIFT_STATUSES.findLast((status) => count(status) > 0);
  return {
    tenant_id: tenant.id,
    tenant_name: tenant.name,
    status: worst ?? "ok",
    overrides: count("override"),
    missing: count("missing"),
    conflicts: count("conflict"),
    details,
  };
}

/** How many results have each status. */
export function summarizeDrift(results: readonly DriftResult[]): Record<DriftStatus, number> {
  const summary: Record<DriftStatus, number> = { ok: 0, override: 0, missing: 0, conflict: 0 };
  for (const result of results) summary[result.status] += 1;
  return summary;
}
