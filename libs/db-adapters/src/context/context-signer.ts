import { CONTEXT_LIFETIME_MS } from "@stratum-hq/core";
import type { ContextKey } from "./context-key";

/** What a context lets read: the tenant's own rows, or also those of the tenants below. Both write its own. */
export type ContextScope = "tenant" | "subtree";

/** Contexts of one moment are the same for as long as this, so that each is signed once. */
const WINDOW_MS = 10_000;
/** Contexts that are kept; beyond, all are signed anew. */
const KEPT_MAX = 10_000;

/**
 * Signs what the database believes: `key id.tenant.expiry in Unix seconds.scope.HMAC in hex`, valid for
 * 20 to 30 seconds from now, within which its transaction has to begin.
 */
export class ContextSigner {
  #key: ContextKey;
  readonly #now: () => number;
  readonly #kept = new Map<string, string>();
  #window = 0;

  /** @param now milliseconds since 1970 */
  constructor(key: ContextKey, now: () => number = Date.now) {
    this.#key = key;
    this.#now = now;
  }

  /** Signs with this key from now on, whoever holds the signer. */
  use(key: ContextKey): void {
    if (key.id === this.#key.id) return;
    this.#key = key;
    this.#kept.clear();
  }

  /** The id of the key that it signs with. */
  get keyId(): string {
    return this.#key.id;
  }

  /** @param tenantId in lower case, as tenants' ids are */
  sign(tenantId: string, scope: ContextScope = "tenant"): string {
    const window = Math.floor(this.#now() / WINDOW_MS);
    if (window !== this.#window || this.#kept.size >= KEPT_MAX) this.#kept.clear();
    this.#window = window;
    const kept = scope === "tenant" ? tenantId : `${scope} ${tenantId}`;
    let context = this.#kept.get(kept);
    if (context === undefined) {
      const expiry = (window * WINDOW_MS + CONTEXT_LIFETIME_MS) / 1000;
      const message = `${this.#key.id}.${tenantId}.${expiry}.${scope}.`;
      context = `${message}${this.#key.sign(message)}`;
      this.#kept.set(kept, context);
    }
    return context;
  }
}
