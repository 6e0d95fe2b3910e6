import { VERIFIED_TOKEN_MAX_AGE_MS, VERIFIED_TOKENS_MAX } from "@stratum-hq/core";
import { LRUCache } from "lru-cache";
import type { Credential } from "./tenant-resolver";

/** Tokens that were verified lately, which a client sends with every request. */
export class VerifiedTokens {
  readonly #now: () => number;
  readonly #known = new LRUCache<string, { credential: Credential; until: number }>({
    max: VERIFIED_TOKENS_MAX,
  });

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get(token: string): Credential | undefined {
    const known = this.#known.get(token);
    return known !== undefined && this.#now() < known.until ? known.credential : undefined;
  }

  /** @param expiry seconds since 1970 */
  set(token: string, credential: Credential, expiry: number): void {
    const until = Math.min(expiry * 1000, this.#now() + VERIFIED_TOKEN_MAX_AGE_MS);
    this.#known.set(token, { credential, until });
  }
}
