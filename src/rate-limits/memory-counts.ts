/** Requests so far in a window. */
export interface RequestCount {
  readonly hits: number;
  /** Seconds until they begin to count no more. */
  readonly expires_in: number;
}

/** Names that are remembered at most; beyond, the oldest windows are forgotten. */
const MAX_NAMES = 100_000;

interface Window {
  hits: number;
  /** Milliseconds of the monotonic clock. */
  readonly ends: number;
}

/** Counts in fixed windows, as Redis does, in constant time however many requests there are. */
export class MemoryCounts {
  readonly #windows = new Map<string, Window>();

  /** Counts one more request. */
  add(name: string, windowMs: number): RequestCount {
    const now = performance.now();
    let window = this.#windows.get(name);
    if (window === undefined || window.ends <= now) {
      window = { hits: 0, ends: now + windowMs };
      // At the end of the order again.
      this.#windows.delete(name);
      this.#windows.set(name, window);
      this.forgetOldest();
    }
    window.hits += 1;
    return { hits: window.hits, expires_in: Math.ceil((window.ends - now) / 1000) };
  }

  private forgetOldest(): void {
    if (this.#windows.size <= MAX_NAMES) return;
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined) this.#windows.delete(oldest);
  }
}
