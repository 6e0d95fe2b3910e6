import {
  ACTOR_TYPES,
  EXPORT_FORMAT,
  EXPORT_FORMAT_VERSION,
  exportTenantSchema,
  GDPR_API,
  purgeTenantSchema,
  type GdprApi,
  type PurgeCertificate,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { count, id, jsonObject, named, time } from "../api/results";

const exportSchema = z
  .object({
    manifest: z.strictObject({
      format: z.literal(EXPORT_FORMAT),
      version: z.literal(EXPORT_FORMAT_VERSION),
      tenant_id: id,
      exported_at: time,
      include_secrets: z.boolean(),
      operation_id: id,
      parts: z.record(z.string(), z.strictObject({ rows: count, sha256: z.string() })),
    }),
    tenant: jsonObject,
  })
  .catchall(z.array(jsonObject));

const certificateSchema: z.ZodType<PurgeCertificate> = z.strictObject({
  id,
  tenant_id: id,
  subtree: z.boolean(),
  tenants: count,
  deleted: z.record(z.string(), count),
  key_ids: z.array(z.string()),
  actor_id: z.string(),
  actor_type: z.enum(ACTOR_TYPES),
  request_id: z.string().nullable(),
  requested_at: time,
  completed_at: time,
});

named("PurgeCertificate", certificateSchema);

export const GDPR_ROUTES = apiRoutes<GdprApi>({
  tag: "Export and erasure",
  methods: GDPR_API,
  routes: {
    exportTenantData: { body: exportTenantSchema, result: exportSchema },
    exportTenantStream: { query: exportTenantSchema, result: jsonObject },
    purgeTenant: { body: purgeTenantSchema, result: certificateSchema },
    getPurgeCertificate: { result: certificateSchema },
  },
});
