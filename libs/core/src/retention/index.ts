/** Retention. */
export * from "./limits";
export {
  retentionDaysSchema,
  retentionScopeSchema,
  type RetentionResult,
  type RetentionScopeInput,
} from "./retention.schemas";
