import { candidatesByKey, decisive, type Candidate, type Level } from "../inheritance/chain";
import type { JsonValue } from "../json/json-value";

/** One tenant of a chain, with the entries it has of its own. */
export interface ConfigLevel extends Level {
  readonly entries: readonly ConfigLevelEntry[];
}

export interface ConfigLevelEntry {
  readonly key: string;
  readonly value: JsonValue;
  readonly locked: boolean;
  readonly sensitive: boolean;
  /** Why there is no value: it does not decrypt. */
  readonly error?: ConfigValueError;
}

/** What may be wrong with one key's value, while all others resolve. */
export type ConfigValueError = "DECRYPTION_FAILED";

/** A key's value at a tenant, and where it comes from. */
export interface ResolvedConfigEntry {
  readonly key: string;
  readonly value: JsonValue;
  /** The slug of the tenant that the value comes from; `inherited` to who may not know that one. */
  readonly source: string;
  /** Null to who may not know it. */
  readonly source_tenant_id: string | null;
  /** Whether it comes from a tenant above. */
  readonly inherited: boolean;
  /** Whether the entry that the value comes from is locked, so that no tenant below can change it. */
  readonly locked: boolean;
  /** Whether this entry, or another of the key on the chain, is sensitive. */
  readonly sensitive: boolean;
  /** Why `value` is null where it should not be. */
  readonly error?: ConfigValueError;
}

export type ResolvedConfig = Readonly<Record<string, ResolvedConfigEntry>>;

/** One tenant's entry in a key's chain. */
export interface ConfigChainLink {
  /** Null, as slug and value, to who may not know the tenant. */
  readonly tenant_id: string | null;
  readonly slug: string | null;
  readonly depth: number;
  readonly value: JsonValue;
  readonly locked: boolean;
  /** Whether this is the entry that decides. */
  readonly effective: boolean;
  /** Why `value` is null where it should not be. */
  readonly error?: ConfigValueError;
}

/** A resolved key together with every entry from root to leaf that was considered. */
export interface ConfigInheritance extends ResolvedConfigEntry {
  readonly chain: readonly ConfigChainLink[];
}

type ConfigCandidate = Candidate<ConfigLevel, ConfigLevelEntry>;

function winnerOf(candidates: readonly ConfigCandidate[]): ConfigCandidate {
  return decisive(candidates, ({ entry }) => entry.locked);
}

function errorOf({ error }: ConfigLevelEntry): { error?: ConfigValueError } {
  return error === undefined ? {} : { error };
}

function resolvedEntry(
  candidates: readonly ConfigCandidate[],
  leafId: string,
): ResolvedConfigEntry {
  const { level, entry } = winnerOf(candidates);
  return {
    key: entry.key,
    value: entry.value,
    source: level.slug,
    source_tenant_id: level.tenant_id,
    inherited: level.tenant_id !== leafId,
    locked: entry.locked,
    sensitive: candidates.some((candidate) => candidate.entry.sensitive),
    ...errorOf(entry),
  };
}

function foldWith<T>(
  levels: readonly ConfigLevel[],
  make: (candidates: readonly ConfigCandidate[], leafId: string) => T,
): Record<string, T> {
  const leafId = levels.at(-1)?.tenant_id ?? "";
  const byKey = candidatesByKey(
    levels,
    ({ entries }) => entries,
    ({ key }) => key,
  );
  // fromEntries defines properties, so that a key "__proto__" is a key like any other.
  return Object.fromEntries(byKey.map(([key, candidates]) => [key, make(candidates, leafId)]));
}

/**
 * Resolves the configuration of the last tenant of `levels` (root first). A key locked by a tenant
 * above is fixed by the uppermost lock; otherwise the nearest entry wins. Keys are sorted.
 */
export function foldConfig(levels: readonly ConfigLevel[]): ResolvedConfig {
  return foldWith(levels, resolvedEntry);
}

/** Like {@link foldConfig}, each key with its chain: why the value is what it is. */
export function foldConfigWithChain(
  levels: readonly ConfigLevel[],
): Readonly<Record<string, ConfigInheritance>> {
  return foldWith(levels, (candidates, leafId) => {
    const winner = winnerOf(candidates);
    const chain = candidates.map((candidate) => ({
      tenant_id: candidate.level.tenant_id,
      slug: candidate.level.slug,
      depth: levels.indexOf(candidate.level),
      value: candidate.entry.value,
      locked: candidate.entry.locked,
      effective: candidate === winner,
      ...errorOf(candidate.entry),
    }));
    return { ...resolvedEntry(candidates, leafId), chain };
  });
}
