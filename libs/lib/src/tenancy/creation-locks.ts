import type { TenantDraft } from "./creation-plan";
import { namesOfExternalId, namesOfSlug, namesOfSlugBase, slugBaseOf } from "./slug";
import type { PreconditionsQuery } from "./tenant-creation.store";
import type { LockRequest } from "./tree-locks.store";

/** What a creation locks: its parents' trees, the keys that it configures and the names that it takes. */
export function creationLock(
  drafts: readonly TenantDraft[],
  { parents, configKeys }: PreconditionsQuery,
): LockRequest {
  return {
    tenants: parents,
    tree: "shared",
    keys: { of: configKeys, mode: "shared" },
    names: drafts.flatMap((draft) => [
      ...(draft.slug === undefined
        ? namesOfSlugBase(slugBaseOf(draft.name))
        : namesOfSlug(draft.slug)),
      ...namesOfExternalId(draft.external_id),
    ]),
  };
}

/** What a creation has to read before it decides. */
export function preconditionsOf(drafts: readonly TenantDraft[]): PreconditionsQuery {
  const created = new Set(drafts.map((draft) => draft.id));
  const parents = drafts.flatMap(({ parent_id }) =>
    parent_id === null || created.has(parent_id) ? [] : [parent_id],
  );
  return {
    parents: [...new Set(parents)],
    roots: drafts.some(({ parent_id }) => parent_id === null),
    slugs: [...new Set(drafts.map(({ slug, name }) => slug ?? slugBaseOf(name)))],
    externalIds: drafts.flatMap(({ external_id }) => external_id ?? []),
    regions: [...new Set(drafts.flatMap(({ region_id }) => region_id ?? []))],
    configKeys: [...new Set(drafts.flatMap(({ config }) => Object.keys(config)))],
  };
}

/** Bases that are taken, or wanted more than once: their tenants get numbered slugs. */
export function crowdedBases(drafts: readonly TenantDraft[], taken: readonly string[]) {
  const wanted = new Map<string, number>();
  for (const { slug, name } of drafts) {
    if (slug !== undefined) continue;
    const base = slugBaseOf(name);
    wanted.set(base, (wanted.get(base) ?? 0) + 1);
  }
  return [...wanted]
    .filter(([base, count]) => count > 1 || taken.includes(base))
    .map(([base, count]) => ({ base, wanted: count }));
}
