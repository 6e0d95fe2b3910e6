import { Inject, Injectable } from "@nestjs/common";
import { deepFreeze, DEFAULT_CACHE_SIZE, type HiddenTenants } from "@stratum-hq/core";
import { LRUCache } from "lru-cache";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ChangeFeed } from "./change-feed";

/** What follows from the rows of a chain of tenants, deeply frozen and shared by all readers. */
export interface Cached<T> {
  /** Ids from the root to the tenant: a change of any of them voids the entry. */
  readonly chain: readonly string[];
  readonly value: T;
  /** Whether it is right for this reader only, since something was out of reach that will be back. */
  readonly passing?: boolean;
}

/**
 * Answers of this process, least recently used ones dropped. {@link ChangeFeed} says which are still
 * right; when it cannot, nothing is answered from here. Each feature extends it by what it caches.
 */
@Injectable()
export class ChainCache<T extends object> {
  readonly #entries: LRUCache<string, Cached<T> & { readonly stamp: number }> | null;

  /** What parts of {@link seenBelow} were made of a value, by the number of tenants left out. */
  readonly #partial = new WeakMap<T, Map<number, T>>();

  constructor(
    @Inject(STRATUM_OPTIONS) options: StratumOptions,
    private readonly feed: ChangeFeed,
  ) {
    const max = options.cacheSize ?? DEFAULT_CACHE_SIZE;
    this.#entries = max === 0 ? null : new LRUCache({ max });
  }

  /** The cached answer, where it is certainly right without a look at the feed. */
  peek(key: string): Cached<T> | undefined {
    if (this.#entries === null || !this.feed.isFresh()) return undefined;
    const cached = this.#entries.get(key);
    return cached !== undefined && this.feed.isCurrent(cached.chain, cached.stamp)
      ? cached
      : undefined;
  }

  /** The value as somebody sees it who may not know some tenants; made once, and shared like it. */
  seenBelow(value: T, hidden: HiddenTenants, hide: (value: T, hidden: HiddenTenants) => T): T {
    if (hidden.size === 0) return value;
    let views = this.#partial.get(value);
    if (views === undefined) this.#partial.set(value, (views = new Map<number, T>()));
    let view = views.get(hidden.size);
    if (view === undefined) views.set(hidden.size, (view = deepFreeze(hide(value, hidden))));
    return view;
  }

  /**
   * The cached answer if it is certainly right, else what `load` reads, kept for the next reader;
   * that there is nothing is not kept.
   */
  async get<Loaded extends Cached<T> | undefined>(
    key: string,
    load: () => Promise<Loaded>,
  ): Promise<Cached<T> | Loaded> {
    if (this.#entries === null || !(this.feed.isFresh() || (await this.feed.refresh())))
      return load();
    const cached = this.peek(key);
    if (cached !== undefined) return cached;
    const stamp = this.feed.epoch;
    const loaded = await load();
    if (loaded !== undefined && loaded.passing !== true)
      this.#entries.set(key, { ...loaded, stamp });
    return loaded;
  }
}
