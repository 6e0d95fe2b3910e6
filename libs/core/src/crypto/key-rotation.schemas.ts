import { z } from "zod";
import { MASTER_KEY_TEXT_MAX_LENGTH } from "./limits";

/** A master key: its text, or the id by which its provider knows it. */
export const masterKeySchema = z
  .string()
  .max(MASTER_KEY_TEXT_MAX_LENGTH)
  .regex(/^[\x21-\x7e]+$/, { error: "expected printable ASCII without spaces" });

/** What the rotation of a master key came to. */
export interface MasterKeyRotationResult {
  readonly operation_id: string;
  /** The master key that wraps the data keys now. */
  readonly master_key_id: string;
  /** Data keys that were wrapped anew. What they encrypt stays as it is. */
  readonly data_keys_rotated: number;
}

/** What the rotation of a data key came to. */
export interface DataKeyRotationResult {
  readonly operation_id: string;
  /** The version that encrypts now. */
  readonly version: number;
  /** Values that were encrypted anew. */
  readonly values_rotated: number;
  /** Values that do not decrypt, and stay as they were; their versions of the key stay with them. */
  readonly values_unreadable: number;
  /** Ids of the versions that were destroyed. */
  readonly destroyed_key_ids: readonly string[];
}
