import {
  aggregateUsageSchema,
  recordUsageSchema,
  USAGE_API,
  type UsageApi,
  type UsageEvent,
  type UsageTotal,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { count, id, jsonObject, named, time } from "../api/results";

const eventSchema: z.ZodType<UsageEvent> = z.strictObject({
  id,
  tenant_id: id,
  metric: z.string(),
  quantity: z.number(),
  idempotency_key: z.string().nullable(),
  metadata: jsonObject,
  occurred_at: time,
  recorded_at: time,
});
const totalSchema: z.ZodType<UsageTotal> = z.strictObject({
  metric: z.string(),
  total: z.number(),
  event_count: count,
});

named("UsageEvent", eventSchema);

export const USAGE_ROUTES = apiRoutes<UsageApi>({
  tag: "Usage",
  methods: USAGE_API,
  routes: {
    recordUsage: { body: recordUsageSchema, result: eventSchema },
    aggregateUsage: { query: aggregateUsageSchema, result: totalSchema },
  },
});
