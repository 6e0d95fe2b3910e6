import { z } from "zod";
import {
  CONTEXT_KEY_OVERLAP_MAX_SECONDS,
  CONTEXT_KEY_OVERLAP_MIN_SECONDS,
  CONTEXT_KEY_OVERLAP_SECONDS,
} from "./limits";

/** How the key is replaced that contexts are signed with. */
export const rotateContextKeySchema = z.strictObject({
  overlap_seconds: z
    .number()
    .int()
    .min(CONTEXT_KEY_OVERLAP_MIN_SECONDS)
    .max(CONTEXT_KEY_OVERLAP_MAX_SECONDS)
    .default(CONTEXT_KEY_OVERLAP_SECONDS),
});
export type RotateContextKeyInput = z.input<typeof rotateContextKeySchema>;

/** What the rotation of the signing key came to. */
export interface ContextKeyRotationResult {
  readonly operation_id: string;
  /** The key that contexts are signed with now. */
  readonly key_id: string;
  /** The one before, which the shared database does not accept any more. */
  readonly retired_key_id: string;
  /** Tenants' databases that do not accept it any more. */
  readonly databases: number;
  /** How many could not be reached, and accept it still. */
  readonly unreached_count: number;
  /** The first 100 of these, each with the code of what it failed with. */
  readonly unreached: readonly { readonly tenant_id: string; readonly code: string }[];
}
