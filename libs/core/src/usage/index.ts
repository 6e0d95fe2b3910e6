/** Usage. */
export * from "./limits";
export {
  aggregateUsageSchema,
  recordUsageSchema,
  type AggregateUsageInput,
  type RecordUsageInput,
  type UsageEvent,
  type UsageTotal,
} from "./usage.schemas";
export { USAGE_API, type UsageApi } from "./api";
