/** What stands for the slug of a tenant that somebody may not know. */
export const HIDDEN_SOURCE = "inherited";

/** Ids of tenants that somebody may not know. */
export type HiddenTenants = ReadonlySet<string>;

interface Sourced {
  readonly source: string;
  readonly source_tenant_id: string | null;
}

interface ChainLink {
  readonly tenant_id: string | null;
  readonly slug: string | null;
  readonly value: unknown;
  readonly effective: boolean;
}

function isHidden(tenantId: string | null, hidden: HiddenTenants): boolean {
  return tenantId !== null && hidden.has(tenantId);
}

/** An entry without the name and id of the tenant that it comes from, where that is hidden. */
export function hideSource<T extends Sourced>(entry: T, hidden: HiddenTenants): T {
  return isHidden(entry.source_tenant_id, hidden)
    ? { ...entry, source: HIDDEN_SOURCE, source_tenant_id: null }
    : entry;
}

/** {@link hideSource} of every entry of a record. */
export function hideSources<T extends Sourced>(
  entries: Readonly<Record<string, T>>,
  hidden: HiddenTenants,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, entry]) => [key, hideSource(entry, hidden)]),
  );
}

/**
 * A chain in which hidden tenants are known by their depth alone: without id and name, and without the
 * value, unless it is the one in effect.
 */
export function hideLinks<T extends ChainLink>(links: readonly T[], hidden: HiddenTenants): T[] {
  return links.map((link) =>
    isHidden(link.tenant_id, hidden)
      ? { ...link, tenant_id: null, slug: null, value: link.effective ? link.value : null }
      : link,
  );
}
