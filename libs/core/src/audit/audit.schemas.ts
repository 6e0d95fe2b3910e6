import { z } from "zod";
import {
  jsonObjectSchema,
  jsonValueSchema,
  type JsonObject,
  type JsonValue,
} from "../json/json-value";
import { printableText } from "../json/text";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../platform/limits";
import { tenantIdSchema } from "../tenant/tenant.schemas";
import { instantSchema } from "../time/instant";
import { AUDIT_FIELD_MAX_LENGTH, SOURCE_IP_MAX_LENGTH } from "./limits";

export const ACTOR_TYPES = ["api_key", "jwt", "system"] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];

const field = printableText(AUDIT_FIELD_MAX_LENGTH);
const address = printableText(SOURCE_IP_MAX_LENGTH);

/** Who acts, as the optional last argument of every mutation. */
export const auditContextSchema = z.strictObject({
  actor_id: field,
  actor_type: z.enum(ACTOR_TYPES),
  source_ip: address.nullish(),
  request_id: field.nullish(),
});
export type AuditContext = z.input<typeof auditContextSchema>;

/** One row of the audit log. */
export interface AuditEntry {
  readonly id: string;
  /** Shared by all rows that one call wrote. */
  readonly operation_id: string;
  readonly actor_id: string;
  readonly actor_type: ActorType;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string | null;
  /** The tenant in whose log the row stands; null for the platform's own. */
  readonly tenant_id: string | null;
  readonly source_ip: string | null;
  readonly request_id: string | null;
  readonly before_state: JsonValue;
  readonly after_state: JsonValue;
  readonly metadata: JsonObject;
  /** When it happened, where the host application said so. */
  readonly occurred_at: string | null;
  readonly created_at: string;
}

/** Filters combine with AND; `from` is inclusive, `to` exclusive; `cursor` is the last id seen. */
export const queryAuditLogsSchema = z.strictObject({
  tenant_id: tenantIdSchema.optional(),
  include_descendants: z.boolean().optional(),
  action: field.optional(),
  resource_type: field.optional(),
  resource_id: field.optional(),
  actor_id: field.optional(),
  request_id: field.optional(),
  source_ip: address.optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  limit: z.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  cursor: z.guid().nullish(),
});
export type QueryAuditLogsInput = z.input<typeof queryAuditLogsSchema>;

/** The filters of {@link queryAuditLogsSchema}: an export has no pages. */
export const exportAuditLogsSchema = queryAuditLogsSchema.omit({ limit: true, cursor: true });
export type ExportAuditLogsInput = z.input<typeof exportAuditLogsSchema>;

/** An event of the host application, for the same log. */
export const recordAuditEventSchema = z.strictObject({
  tenantId: tenantIdSchema.nullish(),
  actorId: field,
  actorType: z.enum(ACTOR_TYPES).default("system"),
  action: field,
  resourceType: field,
  resourceId: field.nullish(),
  before: jsonValueSchema.optional(),
  after: jsonValueSchema.optional(),
  metadata: jsonObjectSchema.optional(),
  sourceIp: address.nullish(),
  requestId: field.nullish(),
  occurredAt: instantSchema.nullish(),
});
export type RecordAuditEventInput = z.input<typeof recordAuditEventSchema>;
