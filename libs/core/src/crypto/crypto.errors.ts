import { StratumError } from "../errors/stratum-error";

const MAKE_ONE = "Make one with: openssl rand -base64 32";

/** No master key was configured, in production. */
export class MasterKeyMissingError extends StratumError {
  constructor() {
    super(
      "MASTER_KEY_MISSING",
      "Production needs a master key. Set STRATUM_MASTER_KEY or STRATUM_MASTER_KEY_FILE, or pass a " +
        `keyProvider. ${MAKE_ONE}`,
    );
  }
}

/** Details: `{ source }`: where it was read. The text itself is nowhere in the error. */
export class MasterKeyInvalidError extends StratumError {
  constructor(source: string) {
    super(
      "MASTER_KEY_INVALID",
      `A master key of ${source} is not 32 bytes in hex or base64. ${MAKE_ONE}`,
      { source },
    );
  }
}

/** Details: `{ path }`. */
export class MasterKeyFileUnusableError extends StratumError {
  constructor(path: string, cause: unknown) {
    super(
      "MASTER_KEY_FILE_UNUSABLE",
      `The master key's file ${path} cannot be read or made. Check path and permissions, or set STRATUM_MASTER_KEY.`,
      { path },
      cause,
    );
  }
}

/** Details: `{ master_key_id }`. */
export class MasterKeyUnavailableError extends StratumError {
  constructor(masterKeyId: string, cause?: unknown) {
    super(
      "MASTER_KEY_UNAVAILABLE",
      `A data key is wrapped under master key ${masterKeyId}, which the key provider does not have or cannot ` +
        "reach. Configure it as a previous key until rotateEncryptionKey has finished.",
      { master_key_id: masterKeyId },
      cause,
    );
  }
}

/** Details: `{ table, column, row }`: where the ciphertext stands. */
export class DecryptionFailedError extends StratumError {
  constructor(table: string, column: string, row: string) {
    super(
      "DECRYPTION_FAILED",
      `${column} of ${table} ${row} does not decrypt: it is damaged, was copied from elsewhere, or its key is ` +
        "destroyed or not available. Write it anew, or configure the master key that it needs.",
      { table, column, row },
    );
  }
}
