import { chainOf, foldConfig, type ConfigLevel, type TenantPath } from "@stratum-hq/core";

/** A tenant whose records may expire. */
export interface RetainedTenant {
  readonly id: string;
  readonly path: TenantPath;
}

/** A tenant of a chain: what it says about retention. */
export interface RetentionLevel extends ConfigLevel {
  /** Whether it is on legal hold, which spares whatever it and those below it have. */
  readonly held: boolean;
}

/** Tenants whose records are kept for the same number of days. */
export interface RetentionGroup {
  readonly days: number;
  readonly tenant_ids: readonly string[];
}

/**
 * Groups tenants by the days for which their records are kept: what the reserved key resolves to at each, else
 * `defaultDays`. Left out are tenants on legal hold or below one, and those whose days cannot be read:
 * what is not certainly expired stays.
 *
 * @param levels every tenant of their chains, by id
 */
export function planRetention(
  tenants: readonly RetainedTenant[],
  levels: ReadonlyMap<string, RetentionLevel>,
  key: string,
  defaultDays: number,
): RetentionGroup[] {
  const groups = new Map<number, string[]>();
  for (const { id, path } of tenants) {
    const chain = chainOf(path).map((each) => levels.get(each));
    const known = chain.filter((level) => level !== undefined);
    if (known.length < chain.length || known.some(({ held }) => held)) continue;
    const resolved = foldConfig(known)[key];
    const days = resolved === undefined ? defaultDays : resolved.value;
    if (typeof days !== "number" || !(days >= 1)) continue;
    groups.set(days, [...(groups.get(days) ?? []), id]);
  }
  return [...groups].map(([days, tenant_ids]) => ({ days, tenant_ids }));
}
