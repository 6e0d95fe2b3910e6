import { MasterKeyInvalidError, MasterKeyUnavailableError } from "@stratum-hq/core";
import { createHash } from "node:crypto";
import { decrypt, encrypt, KEY_BYTES } from "./envelope";
import type { KeyContext, KeyProvider, WrappedKey } from "./key-provider";

/** A master key with its id: a fingerprint, which does not tell the key. */
interface MasterKey {
  readonly id: string;
  readonly bytes: Buffer;
}

const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

/**
 * The id of a master key, as keyrings name it; the argument itself where it is no key, and so an id.
 *
 * @param text 32 bytes in hex, base64 or base64url, or an id
 */
export function masterKeyIdOf(text: string): string {
  return bytesOf(text) === null ? text : parse(text, "").id;
}

function bytesOf(text: string): Buffer | null {
  if (HEX.test(text)) return Buffer.from(text, "hex");
  return BASE64.test(text) ? Buffer.from(text, "base64") : null;
}

function parse(text: string, source: string): MasterKey {
  const bytes = bytesOf(text.trim());
  if (bytes?.length !== KEY_BYTES) throw new MasterKeyInvalidError(source);
  const digest = createHash("sha256").update("stratum master key\0").update(bytes);
  return { id: `mk_${digest.digest("hex").slice(0, 16)}`, bytes };
}

/** `key id | tenant | version`. */
function aadOf(keyId: string, { tenant_id, version }: KeyContext): Buffer {
  return Buffer.from([keyId, tenant_id, version].join("|"));
}

/** Master keys in memory: the first wraps, all unwrap. AES-256-GCM, bound to its context. */
export class MasterKeyring implements KeyProvider {
  readonly #keys: readonly MasterKey[];

  /**
   * @param texts 32 bytes each, in hex, base64 or base64url; the current key first
   * @param source where they were read, for messages
   * @throws MasterKeyInvalidError
   */
  constructor(texts: readonly string[], source = "masterKeys") {
    if (texts.length === 0) throw new MasterKeyInvalidError(source);
    this.#keys = texts.map((text) => parse(text, source));
  }

  currentKeyId(): Promise<string> {
    return Promise.resolve(this.current.id);
  }

  wrap(dataKey: Uint8Array, context: KeyContext): Promise<WrappedKey> {
    const { id, bytes } = this.current;
    const ciphertext = encrypt(bytes, dataKey, aadOf(id, context));
    return Promise.resolve({ key_id: id, ciphertext });
  }

  unwrap({ key_id, ciphertext }: WrappedKey, context: KeyContext): Promise<Uint8Array> {
    const found = this.#keys.find(({ id }) => id === key_id);
    const dataKey = found && decrypt(found.bytes, ciphertext, aadOf(key_id, context));
    return dataKey === undefined || dataKey === null
      ? Promise.reject(new MasterKeyUnavailableError(key_id))
      : Promise.resolve(dataKey);
  }

  private get current(): MasterKey {
    return this.#keys[0] as MasterKey;
  }
}
