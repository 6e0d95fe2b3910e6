import { createHash, createHmac } from "node:crypto";
import { ValidationError } from "@stratum-hq/core";

/** Bytes that HMAC-SHA256 hashes at a time (RFC 2104). */
const BLOCK = 64;
/** Bytes of a key at least: as many as its HMAC has. */
const MIN_BYTES = 32;

/** What a database keeps of a key, to verify what is signed under it. */
export interface ContextKeyCopy {
  /** Sixteen hex digits that follow from the key. */
  readonly id: string;
  /** The blocks with which HMAC begins its inner and its outer hash, 64 bytes each. */
  readonly innerPad: Buffer;
  readonly outerPad: Buffer;
}

/** A key that tenant contexts are signed with: HMAC-SHA256. */
export class ContextKey {
  readonly id: string;
  readonly #bytes: Buffer;

  /**
   * @param bytes 32 at least, random
   * @throws ValidationError
   */
  constructor(bytes: Uint8Array) {
    if (bytes.length < MIN_BYTES) {
      throw new ValidationError("contextKey", [
        { path: "", message: `at least ${MIN_BYTES} bytes` },
      ]);
    }
    this.#bytes = Buffer.from(bytes);
    this.id = createHash("sha256")
      .update("stratum.context key id")
      .update(bytes)
      .digest("hex")
      .slice(0, 16);
  }

  /** The HMAC of a message, in hex. */
  sign(message: string): string {
    return createHmac("sha256", this.#bytes).update(message).digest("hex");
  }

  /** What `stratum.install_context_key` takes. Whoever has it can sign. */
  copy(): ContextKeyCopy {
    const short =
      this.#bytes.length > BLOCK ? createHash("sha256").update(this.#bytes).digest() : this.#bytes;
    const block = Buffer.concat([short, Buffer.alloc(BLOCK - short.length)]);
    const pad = (byte: number): Buffer => Buffer.from(block.map((each) => each ^ byte));
    return { id: this.id, innerPad: pad(0x36), outerPad: pad(0x5c) };
  }
}
