import {
  REFUSAL_SOURCES_REMEMBERED,
  REFUSAL_WINDOW_MS,
  REFUSALS_PER_PROCESS,
  REFUSALS_PER_SOURCE,
} from "@stratum-hq/core";
import { LRUCache } from "lru-cache";

/** What was recorded of a source since its window began. */
interface Source {
  since: number;
  recorded: number;
  suppressed: number;
}

/**
 * Decides which refusals are recorded: of each source, and of all together, so many in a window. Those
 * that are not are counted. What it remembers is bounded.
 */
export class RefusalLimiter {
  readonly #sources = new LRUCache<string, Source>({
    max: REFUSAL_SOURCES_REMEMBERED,
    dispose: ({ suppressed }) => void (this.#untold += suppressed),
  });
  readonly #all: Source = { since: Number.NEGATIVE_INFINITY, recorded: 0, suppressed: 0 };
  /** Suppressed ones of sources that are forgotten. */
  #untold = 0;

  /**
   * Whether to record a refusal.
   *
   * @param source who or where it comes from
   * @param now milliseconds that only grow
   * @returns how many of the source were suppressed since its last record; null to suppress this one too
   */
  admit(source: string, now: number): number | null {
    renew(this.#all, now);
    let seen = this.#sources.get(source);
    if (seen === undefined) {
      seen = { since: now, recorded: 0, suppressed: 0 };
      this.#sources.set(source, seen);
    }
    renew(seen, now);
    if (this.#all.recorded >= REFUSALS_PER_PROCESS || seen.recorded >= REFUSALS_PER_SOURCE) {
      seen.suppressed += 1;
      return null;
    }
    this.#all.recorded += 1;
    seen.recorded += 1;
    const { suppressed } = seen;
    seen.suppressed = 0;
    return suppressed;
  }

  /** Counts refusals whose record failed. */
  lose(count: number): void {
    this.#untold += count;
  }

  /** How many were suppressed of sources that are forgotten, and not told of yet. */
  takeForgotten(): number {
    const count = this.#untold;
    this.#untold = 0;
    return count;
  }

  /** How many were suppressed and not told of yet, of any source: for the end. */
  takeAll(): number {
    this.#sources.clear();
    return this.takeForgotten();
  }
}

function renew(source: Source, now: number): void {
  if (now - source.since < REFUSAL_WINDOW_MS) return;
  source.since = now;
  source.recorded = 0;
}
