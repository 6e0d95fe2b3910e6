import { FEED_MAX_AGE_MS, FEED_RESET_AGE_MS } from "@stratum-hq/core";
import { Injectable } from "@nestjs/common";
import { ChangeFeedStore, MAX_FEED_EVENTS } from "./change-feed.store";
import { Clock } from "./clock";

/** Tenants whose last change is remembered; beyond, everything cached counts as changed. */
const MAX_REMEMBERED = 10_000;

/** Polls that a reader waits for before it steps aside; more than one where a poll itself was slow. */
const MAX_POLLS = 2;

/**
 * Tells caches what changed, in this process and in others. Readers drive it: a cached answer is
 * given only within FEED_MAX_AGE_MS of the start of the last successful poll, else the reader polls
 * first. There is no timer and no listening connection; an idle process sends nothing.
 *
 * Each change advances `epoch` and is remembered for its tenant. A cache stamps an entry with the
 * epoch at which it began to fill it; the entry holds while no tenant of its chain changed later.
 */
@Injectable()
export class ChangeFeed {
  #epoch = 0;
  /** Entries stamped before this are void. */
  #floor = 0;
  readonly #changedAt = new Map<string, number>();
  #snapshot: string | null = null;
  #polledAt = Number.NEGATIVE_INFINITY;
  #polling: Promise<void> | null = null;

  constructor(
    private readonly store: ChangeFeedStore,
    private readonly clock: Clock,
  ) {}

  /** The stamp for an entry whose filling begins now. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether nothing on the chain changed since the stamp, as far as this process has read. */
  isCurrent(chain: readonly string[], stamp: number): boolean {
    if (stamp === this.#epoch) return true;
    if (stamp < this.#floor) return false;
    for (const tenantId of chain) {
      if ((this.#changedAt.get(tenantId) ?? 0) > stamp) return false;
    }
    return true;
  }

  /** Takes note of tenants that changed, each with everything below it; null stands for all. */
  announce(tenantIds: Iterable<string | null>): void {
    for (const tenantId of tenantIds) {
      if (tenantId === null) {
        this.forget();
        continue;
      }
      this.#epoch += 1;
      this.#changedAt.set(tenantId, this.#epoch);
    }
    if (this.#changedAt.size > MAX_REMEMBERED) this.forget();
  }

  /** Whether a cached answer may be given right now. */
  isFresh(): boolean {
    return this.clock.monotonic() - this.#polledAt <= FEED_MAX_AGE_MS;
  }

  /** Reads what is new, if the last look is too old; false where that fails and caches must not serve. */
  async refresh(): Promise<boolean> {
    try {
      for (let polls = 0; polls < MAX_POLLS && !this.isFresh(); polls += 1) {
        this.#polling ??= this.poll().finally(() => (this.#polling = null));
        await this.#polling;
      }
    } catch {
      // The reader's own query tells the caller what is wrong with the database.
      return false;
    }
    return this.isFresh();
  }

  private async poll(): Promise<void> {
    const startedAt = this.clock.monotonic();
    if (this.#snapshot === null || startedAt - this.#polledAt > FEED_RESET_AGE_MS) {
      const snapshot = await this.store.currentSnapshot();
      this.forget();
      this.#snapshot = snapshot;
    } else {
      const { snapshot, tenant_ids } = await this.store.since(this.#snapshot);
      if (tenant_ids.length > MAX_FEED_EVENTS) this.forget();
      else this.announce(tenant_ids);
      this.#snapshot = snapshot;
    }
    this.#polledAt = startedAt;
  }

  /** Voids every entry, also those being filled. */
  private forget(): void {
    this.#epoch += 1;
    this.#floor = this.#epoch;
    this.#changedAt.clear();
  }
}
