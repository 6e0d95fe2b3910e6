import { z } from "zod";
import { jsonObjectSchema, type JsonObject } from "../json/json-value";
import { printableText } from "../json/text";
import { tenantIdSchema } from "../tenant/tenant.schemas";
import { instantSchema } from "../time/instant";
import { USAGE_FIELD_MAX_LENGTH, USAGE_QUANTITY_MAX } from "./limits";

const field = printableText(USAGE_FIELD_MAX_LENGTH);

/** `occurred_at` is now when left out. Of the events with one `idempotency_key` the first counts alone. */
export const recordUsageSchema = z.strictObject({
  metric: field,
  quantity: z.number().min(0).max(USAGE_QUANTITY_MAX).default(1),
  occurred_at: instantSchema.nullish(),
  idempotency_key: field.nullish(),
  metadata: jsonObjectSchema.nullish(),
});
export type RecordUsageInput = z.input<typeof recordUsageSchema>;

/** `from` is inclusive, `to` exclusive. */
export const aggregateUsageSchema = z.strictObject({
  tenant_id: tenantIdSchema,
  metric: field.optional(),
  from: instantSchema.nullish(),
  to: instantSchema.nullish(),
  include_descendants: z.boolean().optional(),
});
export type AggregateUsageInput = z.input<typeof aggregateUsageSchema>;

/** One use of something that is measured. Times are ISO 8601 in UTC. */
export interface UsageEvent {
  readonly id: string;
  readonly tenant_id: string;
  readonly metric: string;
  readonly quantity: number;
  readonly idempotency_key: string | null;
  readonly metadata: JsonObject;
  /** When it was used, and when that was recorded. */
  readonly occurred_at: string;
  readonly recorded_at: string;
}

/** What a metric comes to. */
export interface UsageTotal {
  readonly metric: string;
  /** The sum of the quantities, exact where a double can hold it. */
  readonly total: number;
  readonly event_count: number;
}
