import {
  BATCH_CONFIG_MAX_ENTRIES,
  batchConfigEntrySchema,
  batchSetConfigSchema,
  CONFIG_API,
  configEntrySchema,
  readOptionsSchema,
  setConfigSchema,
  tenantIdSchema,
  versionedSchema,
  type ConfigApi,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import {
  batchDriftSchema,
  batchSetConfigResultSchema,
  configDiffSchema,
  configInheritanceSchema,
  driftSchema,
  resolvedConfigSchema,
} from "./config.results";

export const CONFIG_ROUTES = apiRoutes<ConfigApi>({
  tag: "Configuration",
  methods: CONFIG_API,
  routes: {
    resolveConfig: { query: readOptionsSchema, result: resolvedConfigSchema },
    getConfigWithInheritance: { query: readOptionsSchema, result: configInheritanceSchema },
    diffConfig: {
      query: z.strictObject({ tenant_a: tenantIdSchema, tenant_b: tenantIdSchema }),
      result: configDiffSchema,
    },
    computeDrift: {
      query: z.strictObject({ parent_id: tenantIdSchema, child_id: tenantIdSchema }),
      result: driftSchema,
    },
    batchComputeDrift: {
      body: z.strictObject({
        parent_id: tenantIdSchema,
        child_ids: z.array(tenantIdSchema).min(1).max(1000),
      }),
      result: batchDriftSchema,
    },
    setConfig: { body: setConfigSchema, result: configEntrySchema },
    deleteConfig: { query: versionedSchema },
    batchSetConfig: {
      body: z.strictObject({ entries: batchSetConfigSchema }),
      documentedBody: z.strictObject({
        entries: z.array(batchConfigEntrySchema).min(1).max(BATCH_CONFIG_MAX_ENTRIES),
      }),
      result: batchSetConfigResultSchema,
    },
  },
});
