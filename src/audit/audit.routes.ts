import {
  ACTOR_TYPES,
  AUDIT_API,
  exportAuditLogsSchema,
  queryAuditLogsSchema,
  recordAuditEventSchema,
  type AuditApi,
  type AuditEntry,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { id, json, jsonObject, named, time } from "../api/results";

const entrySchema: z.ZodType<AuditEntry> = z.strictObject({
  id,
  operation_id: id,
  actor_id: z.string(),
  actor_type: z.enum(ACTOR_TYPES),
  action: z.string(),
  resource_type: z.string(),
  resource_id: z.string().nullable(),
  tenant_id: id.nullable(),
  source_ip: z.string().nullable(),
  request_id: z.string().nullable(),
  before_state: json,
  after_state: json,
  metadata: jsonObject,
  occurred_at: time.nullable(),
  created_at: time,
});

named("AuditEntry", entrySchema);

export const AUDIT_ROUTES = apiRoutes<AuditApi>({
  tag: "Audit",
  methods: AUDIT_API,
  routes: {
    exportAuditLogs: { query: exportAuditLogsSchema, result: entrySchema },
    queryAuditLogs: { query: queryAuditLogsSchema, result: entrySchema },
    getAuditEntry: { result: entrySchema },
    recordAuditEvent: { body: recordAuditEventSchema, result: entrySchema },
  },
});
