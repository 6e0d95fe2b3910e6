import {
  configEntrySchema,
  DRIFT_STATUSES,
  type BatchDriftResult,
  type BatchSetConfigResult,
  type ConfigDiff,
  type ConfigInheritance,
  type DriftResult,
  type ResolvedConfigEntry,
} from "@stratum-hq/core";
import { z } from "zod";
import { count, json, named } from "../api/results";

const problem = { error: z.literal("DECRYPTION_FAILED").optional() };

const resolvedEntry = z.strictObject({
  key: z.string(),
  value: json,
  source: z.string(),
  source_tenant_id: z.guid().nullable(),
  inherited: z.boolean(),
  locked: z.boolean(),
  sensitive: z.boolean(),
  ...problem,
});

const chainLink = z.strictObject({
  tenant_id: z.guid().nullable(),
  slug: z.string().nullable(),
  depth: count,
  value: json,
  locked: z.boolean(),
  effective: z.boolean(),
  ...problem,
});

export const resolvedConfigSchema: z.ZodType<Record<string, ResolvedConfigEntry>> = z.record(
  z.string(),
  resolvedEntry,
);

export const configInheritanceSchema: z.ZodType<Record<string, ConfigInheritance>> = z.record(
  z.string(),
  resolvedEntry.extend({ chain: z.array(chainLink) }),
);

const side = z.strictObject({ id: z.guid(), name: z.string() });
const diffValue = z
  .strictObject({
    value: json,
    status: z.enum(["inherited", "own", "locked"]),
    source: z.string(),
  })
  .nullable();

export const configDiffSchema: z.ZodType<ConfigDiff> = z.strictObject({
  tenant_a: side,
  tenant_b: side,
  diff: z.array(z.strictObject({ key: z.string(), tenant_a: diffValue, tenant_b: diffValue })),
});

const drift = z.strictObject({
  tenant_id: z.guid(),
  tenant_name: z.string(),
  status: z.enum(DRIFT_STATUSES),
  overrides: count,
  missing: count,
  conflicts: count,
  details: z.array(
    z.strictObject({
      key: z.string(),
      status: z.enum(DRIFT_STATUSES),
      parentValue: json.optional(),
      childValue: json.optional(),
      locked: z.boolean(),
    }),
  ),
});
export const driftSchema: z.ZodType<DriftResult> = drift;

export const batchDriftSchema: z.ZodType<BatchDriftResult> = z.strictObject({
  parent_id: z.guid(),
  parent_name: z.string(),
  results: z.array(drift),
  summary: z.strictObject({ ok: count, override: count, missing: count, conflict: count }),
});

export const batchSetConfigResultSchema: z.ZodType<BatchSetConfigResult> = z.strictObject({
  results: z.array(
    z.strictObject({
      key: z.string(),
      status: z.enum(["ok", "error"]),
      entry: configEntrySchema.extend({ value: json }).optional(),
      error: z.string().optional(),
      code: z.string().optional(),
    }),
  ),
  succeeded: count,
  failed: count,
});

named("ResolvedConfigEntry", resolvedEntry);
named("Drift", drift);
