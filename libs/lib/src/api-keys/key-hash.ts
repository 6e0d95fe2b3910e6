import { Inject, Injectable } from "@nestjs/common";
import { API_KEY_PEPPER_MIN_BYTES, ValidationError } from "@stratum-hq/core";
import { LRUCache } from "lru-cache";
import { createHmac, hash, randomBytes } from "node:crypto";
import { PlatformSecrets } from "../crypto/platform-secrets";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";

/** Bytes of chance in a key. */
const KEY_BYTES = 32;
/** Their length in base64url. */
const SECRET_LENGTH = 43;
const HINT_LENGTH = 4;
const DEFAULT_PREFIX = "sk_live_";
/** A prefix, and 32 bytes in base64url. */
const KEY = /^[a-z][a-z0-9_]{0,30}_[A-Za-z0-9_-]{43}$/;
/** Keys whose hashes are kept. */
const KEPT_MAX = 5000;

/** A key as it is made: what its owner gets, and what is kept of it. */
export interface NewKey {
  readonly plaintext: string;
  readonly prefix: string;
  readonly hint: string;
  /** HMAC-SHA256 under the pepper, in hex. */
  readonly hash: string;
}

/** Makes keys and hashes them: HMAC-SHA256 under the pepper of the deployment. */
@Injectable()
export class KeyHash {
  #pepper: Buffer | null;
  /**
   * By the SHA-256 of the keys, since their HMAC is most of what a request with a known key costs. A digest tells nothing of a key, which is
   * 32 bytes of chance; the key itself is not kept.
   */
  readonly #hashes = new LRUCache<string, string>({ max: KEPT_MAX });

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly secrets: PlatformSecrets,
  ) {
    const { apiKeyPepper } = options;
    this.#pepper = apiKeyPepper === undefined ? null : Buffer.from(apiKeyPepper);
  }

  async create(): Promise<NewKey> {
    const prefix = this.options.keyPrefix ?? DEFAULT_PREFIX;
    return this.keyOf(`${prefix}${randomBytes(KEY_BYTES).toString("base64url")}`);
  }

  /** A key that somebody else has made. @throws ValidationError where the text is no key */
  async adopt(plaintext: string): Promise<NewKey> {
    if (KEY.test(plaintext)) return this.keyOf(plaintext);
    const message = "expected a prefix such as sk_live_, then 32 random bytes in base64url";
    throw new ValidationError("key", [{ path: "", message }]);
  }

  /** The hash of a text that has the form of a key; null for any other. */
  async ofCandidate(text: string): Promise<string | null> {
    return KEY.test(text) ? this.of(text) : null;
  }

  /** The same without waiting; undefined also while the pepper is not known yet. */
  ofCandidateNow(text: string): string | undefined {
    return this.#pepper !== null && KEY.test(text) ? this.hmac(this.#pepper, text) : undefined;
  }

  private async keyOf(plaintext: string): Promise<NewKey> {
    return {
      plaintext,
      prefix: plaintext.slice(0, -SECRET_LENGTH),
      hint: plaintext.slice(-HINT_LENGTH),
      hash: await this.of(plaintext),
    };
  }

  private async of(plaintext: string): Promise<string> {
    this.#pepper ??= await this.secrets.findOrCreate("api_key_pepper", API_KEY_PEPPER_MIN_BYTES);
    return this.hmac(this.#pepper, plaintext);
  }

  private hmac(pepper: Buffer, text: string): string {
    const digest = hash("sha256", text);
    let known = this.#hashes.get(digest);
    if (known === undefined) {
      known = createHmac("sha256", pepper).update(text).digest("hex");
      this.#hashes.set(digest, known);
    }
    return known;
  }
}
