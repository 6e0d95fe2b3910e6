import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** AES-256-GCM (NIST SP 800-38D). */
const ALGORITHM = "aes-256-gcm";
const FORMAT = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

const SEALED = /^v1\.([1-9]\d{0,9})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

/** Where a ciphertext stands. Anywhere else it does not decrypt. */
export interface Place {
  /** Null for the platform's. */
  readonly tenant_id: string | null;
  readonly table: string;
  readonly column: string;
  /** What tells the row apart within its tenant. */
  readonly row: string;
}

/** One version of a data key, unwrapped. */
export interface DataKey {
  readonly version: number;
  readonly key: Uint8Array;
}

/** `tenant | table | column | row | version`: only the row may contain a bar, so that no two places are alike. */
function aadOf({ tenant_id, table, column, row }: Place, version: number): Buffer {
  return Buffer.from([tenant_id ?? "", table, column, row, version].join("|"));
}

/** AES-256-GCM under a fresh nonce: nonce, then ciphertext and tag, each in base64url. */
export function encrypt(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  const sealed = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  return `${nonce.toString("base64url")}.${Buffer.concat(sealed).toString("base64url")}`;
}

/** The reverse of {@link encrypt}; null where key, text or additional data are not the same. */
export function decrypt(key: Uint8Array, text: string, aad: Uint8Array): Buffer | null {
  const [nonce = "", sealed = ""] = text.split(".");
  const bytes = Buffer.from(sealed, "base64url");
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, "base64url"), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(aad);
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

/** A value as it is kept: `v1.<key version>.<nonce>.<ciphertext+tag>`. */
export function seal({ version, key }: DataKey, place: Place, plaintext: string): string {
  return `${FORMAT}.${version}.${encrypt(key, Buffer.from(plaintext), aadOf(place, version))}`;
}

/** The plaintext; null where the ciphertext is damaged, or was made for another place or with another key. */
export function open({ version, key }: DataKey, place: Place, sealed: string): string | null {
  if (versionOf(sealed) !== version) return null;
  const text = sealed.slice(FORMAT.length + 1 + String(version).length + 1);
  return decrypt(key, text, aadOf(place, version))?.toString() ?? null;
}

/** The version of the key that sealed it; null for what nothing here has sealed. */
export function versionOf(sealed: string): number | null {
  const version = SEALED.exec(sealed)?.[1];
  return version === undefined ? null : Number(version);
}
