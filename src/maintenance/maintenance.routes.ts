import {
  KEY_ROTATION_API,
  masterKeySchema,
  RETENTION_API,
  retentionDaysSchema,
  retentionScopeSchema,
  tenantIdSchema,
  type DataKeyRotationResult,
  type KeyRotationApi,
  type MasterKeyRotationResult,
  type RetentionApi,
  type RetentionResult,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { count, id } from "../api/results";

const deletedSchema: z.ZodType<RetentionResult> = z.strictObject({ deleted_count: count });

export const RETENTION_ROUTES = apiRoutes<RetentionApi>({
  tag: "Retention",
  methods: RETENTION_API,
  routes: {
    purgeExpiredData: {
      body: retentionScopeSchema.extend({ days: retentionDaysSchema.optional() }),
      result: deletedSchema,
    },
    purgeExpiredAuditLogs: { body: retentionScopeSchema, result: deletedSchema },
  },
});

const masterKeyResult: z.ZodType<MasterKeyRotationResult> = z.strictObject({
  operation_id: id,
  master_key_id: z.string(),
  data_keys_rotated: count,
});
const dataKeyResult: z.ZodType<DataKeyRotationResult> = z.strictObject({
  operation_id: id,
  version: z.number().int(),
  values_rotated: count,
  values_unreadable: count,
  destroyed_key_ids: z.array(z.string()),
});

export const KEY_ROTATION_ROUTES = apiRoutes<KeyRotationApi>({
  tag: "Keys of encryption",
  methods: KEY_ROTATION_API,
  routes: {
    rotateEncryptionKey: {
      body: z.strictObject({
        old_key: masterKeySchema.optional(),
        new_key: masterKeySchema.optional(),
      }),
      result: masterKeyResult,
    },
    rotateDataKey: {
      body: z.strictObject({ tenant_id: tenantIdSchema.nullable() }),
      result: dataKeyResult,
    },
  },
});
