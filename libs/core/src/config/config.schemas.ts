import { z } from "zod";
import { jsonValueSchema, type JsonValue } from "../json/json-value";
import { expectedVersionSchema } from "../tenant/tenant.schemas";
import { BATCH_CONFIG_MAX_ENTRIES, CONFIG_KEY_MAX_LENGTH } from "./limits";

/**
 * A key: letters, digits and `.` `_` `:` `-`, not dots alone, which paths of URLs cannot hold. Keys `stratum.*`
 * are reserved.
 */
export const configKeySchema = z
  .string()
  .min(1)
  .max(CONFIG_KEY_MAX_LENGTH)
  .regex(/^[A-Za-z0-9._:-]*$/, { error: "expected letters, digits and . _ : - only" })
  .regex(/[^.]|^$/, { error: "expected more than dots" });

/** Flags left out keep their current value: a plain set never unlocks or declassifies. */
export const setConfigSchema = z.strictObject({
  value: jsonValueSchema,
  locked: z.boolean().optional(),
  /** Whether the value is encrypted at rest and masked in records; so are overrides of the key below. */
  sensitive: z.boolean().optional(),
  expected_version: expectedVersionSchema.optional(),
});
export type SetConfigInput = z.input<typeof setConfigSchema>;

export const batchConfigEntrySchema = setConfigSchema.extend({ key: configKeySchema });
export type BatchConfigEntryInput = z.input<typeof batchConfigEntrySchema>;

/** Each item is checked on its own, so that a bad one fails alone. */
export const batchSetConfigSchema = z.array(z.unknown()).min(1).max(BATCH_CONFIG_MAX_ENTRIES);

/** A tenant's own entry, as set, get and delete return it. */
export const configEntrySchema = z.strictObject({
  tenant_id: z.guid(),
  key: configKeySchema,
  value: z.unknown(),
  locked: z.boolean(),
  sensitive: z.boolean(),
  version: z.number().int().positive(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type ConfigEntry = Omit<z.output<typeof configEntrySchema>, "value"> & { value: JsonValue };

/** One key's outcome in `batchSetConfig`: `entry` where it succeeded, `error` and `code` where not. */
export interface BatchConfigResult {
  readonly key: string;
  readonly status: "ok" | "error";
  readonly entry?: ConfigEntry;
  readonly error?: string;
  readonly code?: string;
}

/** What `batchSetConfig` returns, in the order of its input. */
export interface BatchSetConfigResult {
  readonly results: BatchConfigResult[];
  readonly succeeded: number;
  readonly failed: number;
}
