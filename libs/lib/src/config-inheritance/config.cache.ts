import { Inject, Injectable } from "@nestjs/common";
import { DEFAULT_CACHE_SIZE, type ResolvedConfig } from "@stratum-hq/core";
import { LRUCache } from "lru-cache";
import { ChangeFeed } from "../persistence/change-feed";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";

/** A tenant's resolved configuration, deeply frozen and shared by all readers. */
export interface CachedConfig {
  /** Ids from the root to the tenant: a change of any of them voids the entry. */
  readonly chain: readonly string[];
  readonly config: ResolvedConfig;
}

/**
 * Resolved configurations of this process, least recently used ones dropped. {@link ChangeFeed} says
 * which are still right; when it cannot, nothing is answered from here.
 */
@Injectable()
export class ConfigCache {
  readonly #entries: LRUCache<string, CachedConfig & { readonly stamp: number }> | null;

  constructor(
    @Inject(STRATUM_OPTIONS) options: StratumOptions,
    private readonly feed: ChangeFeed,
  ) {
    const max = options.cacheSize ?? DEFAULT_CACHE_SIZE;
    this.#entries = max === 0 ? null : new LRUCache({ max });
  }

  /** The cached answer if it is certainly right, else what `load` reads, kept for the next reader. */
  async get(tenantId: string, load: () => Promise<CachedConfig>): Promise<CachedConfig> {
    if (this.#entries === null || !(this.feed.isFresh() || (await this.feed.refresh())))
      return load();
    const cached = this.#entries.get(tenantId);
    if (cached !== undefined && this.feed.isCurrent(cached.chain, cached.stamp)) return cached;
    const stamp = this.feed.epoch;
    const loaded = await load();
    this.#entries.set(tenantId, { ...loaded, stamp });
    return loaded;
  }
}
