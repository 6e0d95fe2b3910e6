/** A data key as it is kept: readable only with the master key of that id. */
export interface WrappedKey {
  /** The master key that wraps it, as its provider names it: an ARN, a resource name, a fingerprint. */
  readonly key_id: string;
  /** Text in the provider's own form, at most a few kilobytes. */
  readonly ciphertext: string;
}

/**
 * What a wrapped key belongs to. Unwrapping with another context fails: it is the additional authenticated
 * data of AES-GCM, and the encryption context of AWS KMS, or its like elsewhere.
 */
export type KeyContext = Readonly<Record<"tenant_id" | "version", string>>;

/**
 * Wraps and unwraps data keys under master keys that Stratum never sees, so that a cloud KMS or an HSM fits:
 * `wrap` is its Encrypt, `unwrap` its Decrypt. Called once for each data key and process, never for a value.
 *
 * During a rotation it knows two master keys: the current one, under which everything new is wrapped, and
 * the one before, which only unwraps, until `rotateEncryptionKey` has finished.
 */
export interface KeyProvider {
  /** The id of the master key under which `wrap` wraps now. */
  currentKeyId(): Promise<string>;

  /** @param dataKey 32 bytes */
  wrap(dataKey: Uint8Array, context: KeyContext): Promise<WrappedKey>;

  /**
   * The data key. Rejects where the master key is not known or cannot be reached, and where ciphertext or
   * context are not those of `wrap`.
   */
  unwrap(wrapped: WrappedKey, context: KeyContext): Promise<Uint8Array>;
}

/** The injection token of the {@link KeyProvider}. */
export const KEY_PROVIDER = Symbol("KEY_PROVIDER");
