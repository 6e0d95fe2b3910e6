import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const CRYPTO_ERRORS = {
  MASTER_KEY_MISSING: {
    status: 500,
    summary: "Production was started without a master key.",
    remedy: "Set `STRATUM_MASTER_KEY` or `STRATUM_MASTER_KEY_FILE`, or pass a `keyProvider`.",
    details: [],
  },
  MASTER_KEY_INVALID: {
    status: 500,
    summary: "A master key is not 32 bytes in hex or base64.",
    remedy: "Make one with `openssl rand -base64 32`.",
    details: ["source"],
  },
  MASTER_KEY_FILE_UNUSABLE: {
    status: 500,
    summary: "The file of the master key cannot be read or made.",
    remedy: "Check its path and permissions, or set `STRATUM_MASTER_KEY`.",
    details: ["path"],
  },
  MASTER_KEY_UNAVAILABLE: {
    status: 503,
    summary: "The key provider does not have, or cannot reach, the master key of a data key.",
    remedy:
      "Configure it as a previous key until `rotateEncryptionKey` has finished; check the KMS.",
    details: ["master_key_id"],
  },
  DECRYPTION_FAILED: {
    status: 500,
    summary: "A ciphertext is damaged, was copied from elsewhere, or its key is not available.",
    remedy: "Write the value anew, or configure the master key that it needs.",
    details: ["table", "column", "row"],
  },
} as const satisfies Record<string, ErrorDescription>;
