/** Audit log. */
export * from "./limits";
export * from "./audit.errors";
export {
  ACTOR_TYPES,
  auditContextSchema,
  exportAuditLogsSchema,
  queryAuditLogsSchema,
  recordAuditEventSchema,
  type ActorType,
  type AuditContext,
  type AuditEntry,
  type ExportAuditLogsInput,
  type QueryAuditLogsInput,
  type RecordAuditEventInput,
} from "./audit.schemas";
export { maskSecrets, secretMask, type SecretMask } from "./mask-secrets";
export { namesSecret } from "./secret-names";
export { MASK, secretPatterns, type SecretPatterns } from "./secret-text";
export { AUDIT_API, type AuditApi } from "./api";
