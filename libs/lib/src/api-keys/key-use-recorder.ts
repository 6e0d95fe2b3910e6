import { Inject, Injectable, type OnModuleDestroy } from "@nestjs/common";
import { LAST_USED_INTERVAL_MS } from "@stratum-hq/core";
import { LRUCache } from "lru-cache";
import { Clock } from "../persistence/clock";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ApiKeyStore } from "./api-key.store";

/** Keys whose last use is remembered; the database's own condition holds for the others. */
const MAX_REMEMBERED = 10_000;

/**
 * Advances `last_used_at`, at most once a minute for each key. Nobody waits for it: while one update is
 * under way, further keys gather for the next. An update that fails is not tried again before the
 * key's next minute, so that a login without the right to it does not pay at every request.
 */
@Injectable()
export class KeyUseRecorder implements OnModuleDestroy {
  readonly #notedAt = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  readonly #gathered = new Set<string>();
  #flushing: Promise<void> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
  ) {}

  /** Takes note that a key was used just now. */
  note(keyId: string): void {
    const now = this.clock.monotonic();
    const last = this.#notedAt.get(keyId);
    if (last !== undefined && now - last < LAST_USED_INTERVAL_MS) return;
    this.#notedAt.set(keyId, now);
    this.#gathered.add(keyId);
    this.#flushing ??= this.flush();
  }

  async onModuleDestroy(): Promise<void> {
    // What still waits in a pool that its owner has ended is never answered.
    if (!this.options.pool.ending) await this.#flushing;
  }

  private async flush(): Promise<void> {
    while (this.#gathered.size > 0) {
      const ids = [...this.#gathered];
      this.#gathered.clear();
      await this.store.touch(ids, LAST_USED_INTERVAL_MS).catch(() => undefined);
    }
    // In the same breath as the last look: what is noted from here on starts anew.
    this.#flushing = null;
  }
}
