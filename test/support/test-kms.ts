import type { KeyContext, KeyProvider, WrappedKey } from "@stratum-hq/lib";
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";

/**
 * A key management service as Stratum sees one: it keeps master keys to itself, answers over a wire, and
 * can be out of reach. Its texts have a form of its own.
 */
export class TestKms implements KeyProvider {
  readonly #keys = new Map<string, Buffer>();
  #current = "";
  /** Whether it can be reached. */
  reachable = true;
  /** Calls of `wrap` and of `unwrap`. */
  readonly calls = { wrap: 0, unwrap: 0 };

  constructor() {
    this.rotate();
  }

  /** Makes a new master key the current one; the ones before go on unwrapping. */
  rotate(): string {
    this.#current = `key/${randomUUID()}`;
    this.#keys.set(this.#current, randomBytes(32));
    return this.#current;
  }

  /** Destroys a master key. */
  destroy(keyId: string): void {
    this.#keys.delete(keyId);
  }

  async currentKeyId(): Promise<string> {
    await this.reach();
    return this.#current;
  }

  async wrap(dataKey: Uint8Array, context: KeyContext): Promise<WrappedKey> {
    this.calls.wrap += 1;
    await this.reach();
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#keys.get(this.#current)!, nonce);
    cipher.setAAD(Buffer.from(JSON.stringify(context)));
    const body = [cipher.update(dataKey), cipher.final(), cipher.getAuthTag()];
    return {
      key_id: this.#current,
      ciphertext: Buffer.concat([nonce, ...body]).toString("hex"),
    };
  }

  async unwrap({ key_id, ciphertext }: WrappedKey, context: KeyContext): Promise<Uint8Array> {
    this.calls.unwrap += 1;
    await this.reach();
    const key = this.#keys.get(key_id);
    if (key === undefined) throw new Error("NotFoundException");
    const bytes = Buffer.from(ciphertext, "hex");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(JSON.stringify(context)));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  }

  private async reach(): Promise<void> {
    await new Promise((answered) => setImmediate(answered));
    if (!this.reachable) throw new Error("connect ECONNREFUSED");
  }
}
