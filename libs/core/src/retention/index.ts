/** Retention. */
export * from "./limits";
export {
  retentionDaysSchema,
  retentionScopeSchema,
  type RetentionResult,
  type RetentionScopeInput,
} from "./retention.schemas";
export { RETENTION_API, type RetentionApi } from "./api";
