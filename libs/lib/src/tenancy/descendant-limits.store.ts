import {
  chainOf,
  foldConfig,
  MAX_DESCENDANTS_KEY,
  subtreeUpperBound,
  TenantLimitExceededError,
  type ConfigLevel,
  type ConfigLevelEntry,
  type TenantPath,
} from "@stratum-hq/core";
import { LIMIT_LOCK, lockKeyOf } from "../persistence/advisory-locks";
import type { Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import { isVisible } from "./access";

/** A tenant that has gained descendants, as the transaction sees it. */
interface GainingRow {
  readonly id: string;
  readonly path: TenantPath;
  readonly slug: string;
  readonly archived: boolean;
  readonly entries: readonly ConfigLevelEntry[];
}

/** Whether a limit is set anywhere from the root to a path, as an SQL expression. */
export function isLimited(path: string): string {
  return `exists (
    select from stratum.config_entries where key = '${MAX_DESCENDANTS_KEY}'
      and tenant_id = any(string_to_array(${path}::text, '.')::uuid[]))`;
}

/**
 * Refuses what the transaction has done when a tenant above has more descendants now than
 * `stratum.max_descendants` allows it. Called only where such a limit is set: it locks the tree's
 * limits first, so that of two transactions which both fill the last place the later sees the earlier.
 *
 * @param paths where tenants were added
 * @param unchanged tenants that have gained none, although they are above
 * @throws TenantLimitExceededError
 */
export async function requireDescendantLimits(
  tx: Transaction,
  paths: readonly TenantPath[],
  caller: Caller,
  unchanged: readonly string[] = [],
): Promise<void> {
  const roots = [...new Set(paths.map((path) => chainOf(path)[0] as string))];
  await tx.query("select pg_advisory_xact_lock($1, key) from unnest($2::int[]) as key", [
    LIMIT_LOCK,
    [...new Set(roots.map(lockKeyOf))].sort((a, b) => a - b),
  ]);
  const above = [...new Set(paths.flatMap((path) => chainOf(path).slice(0, -1)))];
  const rows = new Map((await gainingRows(tx, above)).map((row) => [row.id, row]));
  for (const { id, path } of rows.values()) {
    if (unchanged.includes(id)) continue;
    const chain = chainOf(path).map((each) => levelOf(rows.get(each) as GainingRow));
    const limit = foldConfig(chain)[MAX_DESCENDANTS_KEY]?.value;
    if (typeof limit !== "number" || (await hasAtMost(tx, path, limit))) continue;
    const known = caller.sees_ancestors || isVisible(caller, path);
    throw new TenantLimitExceededError(known ? id : null, limit);
  }
}

async function gainingRows(tx: Transaction, ids: readonly string[]): Promise<GainingRow[]> {
  return tx.query<GainingRow>(
    `select t.id, t.path, t.slug, t.status = 'archived' as archived,
            coalesce((select json_agg(json_build_object(
              'key', e.key, 'value', e.value, 'locked', e.locked, 'sensitive', e.sensitive))
              from stratum.config_entries as e
              where e.tenant_id = t.id and e.key = $2), '[]') as entries
     from stratum.tenants as t where t.id = any($1::uuid[]) order by t.depth`,
    [ids, MAX_DESCENDANTS_KEY],
  );
}

function levelOf({ id, slug, archived, entries }: GainingRow): ConfigLevel {
  return { tenant_id: id, slug, archived, entries };
}

/** Whether so many tenants, at most, are below the path; counts no further than it has to. */
async function hasAtMost(tx: Transaction, path: TenantPath, limit: number): Promise<boolean> {
  const [counted] = await tx.query<{ n: number }>(
    `select count(*)::int as n from (
       select from stratum.tenants where path > $1::ltree and path < $2::ltree limit $3) as below`,
    [path, subtreeUpperBound(path), limit + 1],
  );
  return (counted?.n ?? 0) <= limit;
}
