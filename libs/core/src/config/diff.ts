import { jsonEqual } from "../json/json-equal";
import type { JsonValue } from "../json/json-value";
import type { ResolvedConfig, ResolvedConfigEntry } from "./fold";

/** One side of a difference: `locked` where a tenant above fixes the value. */
export interface ConfigDiffSide {
  readonly value: JsonValue;
  readonly status: "inherited" | "own" | "locked";
  /** The slug of the tenant that the value comes from. */
  readonly source: string;
}

export interface ConfigDiffItem {
  readonly key: string;
  readonly tenant_a: ConfigDiffSide | null;
  readonly tenant_b: ConfigDiffSide | null;
}

export interface ConfigDiff {
  readonly tenant_a: { readonly id: string; readonly name: string };
  readonly tenant_b: { readonly id: string; readonly name: string };
  readonly diff: readonly ConfigDiffItem[];
}

function sideOf(entry: ResolvedConfigEntry | undefined): ConfigDiffSide | null {
  if (entry === undefined) return null;
  const status = entry.locked ? "locked" : entry.inherited ? "inherited" : "own";
  return { value: entry.value, status, source: entry.source };
}

function own(config: ResolvedConfig, key: string): ResolvedConfigEntry | undefined {
  return Object.hasOwn(config, key) ? config[key] : undefined;
}

/** The keys whose values differ between two resolved configurations, or that one lacks; sorted. */
export function diffResolved(a: ResolvedConfig, b: ResolvedConfig): ConfigDiffItem[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return keys
    .map((key) => ({ key, left: own(a, key), right: own(b, key) }))
    .filter(
      ({ left, right }) =>
        left === undefined || right === undefined || !jsonEqual(left.value, right.value),
    )
    .map(({ key, left, right }) => ({ key, tenant_a: sideOf(left), tenant_b: sideOf(right) }));
}
