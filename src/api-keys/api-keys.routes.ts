import {
  API_KEYS_API,
  createApiKeySchema,
  dormantDaysSchema,
  pageSchema,
  readOptionsSchema,
  revokeApiKeysSchema,
  rotateApiKeySchema,
  tenantIdSchema,
  type ApiKey,
  type ApiKeysApi,
  type CreatedApiKey,
  type ValidatedApiKey,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { id, named, time } from "../api/results";

const scopes = z.array(z.string());
const limits = {
  rate_limit_max: z.number().int().positive().nullable(),
  rate_limit_window: z.number().int().positive().nullable(),
} as const;

const key = z.strictObject({
  id,
  tenant_id: id.nullable(),
  name: z.string().nullable(),
  key_prefix: z.string(),
  key_hint: z.string(),
  scopes,
  role_id: id.nullable(),
  ...limits,
  expires_at: time.nullable(),
  last_used_at: time.nullable(),
  revoked_at: time.nullable(),
  replaced_by: id.nullable(),
  created_at: time,
});
const keySchema: z.ZodType<ApiKey> = key;
const createdSchema: z.ZodType<CreatedApiKey> = key.extend({ plaintext_key: z.string() });

const validatedSchema: z.ZodType<ValidatedApiKey | null> = z
  .strictObject({ tenant_id: id.nullable(), key_id: id, scopes, ...limits })
  .nullable();

/** The fields under their own names: the other spellings are the library's alone. */
const newKey = createApiKeySchema.in.omit({
  expiresAt: true,
  rateLimitMax: true,
  rateLimitWindow: true,
});
const ofTenant = pageSchema.extend({ tenant_id: tenantIdSchema.nullish() });

named("ApiKey", key);
named("CreatedApiKey", createdSchema);

export const API_KEYS_ROUTES = apiRoutes<ApiKeysApi>({
  tag: "API keys",
  methods: API_KEYS_API,
  routes: {
    createApiKey: {
      body: newKey.extend({ tenant_id: tenantIdSchema.nullable() }),
      result: createdSchema,
    },
    rotateApiKey: { body: rotateApiKeySchema, result: createdSchema },
    getApiKey: { result: keySchema },
    listApiKeys: { query: ofTenant, result: keySchema },
    listDormantKeys: { query: pageSchema.extend({ days: dormantDaysSchema }), result: keySchema },
    revokeApiKey: {},
    revokeApiKeys: {
      body: revokeApiKeysSchema.extend({ tenant_id: tenantIdSchema }),
      result: z.number().int().min(0),
    },
    assignRoleToKey: { body: z.strictObject({ role_id: tenantIdSchema }), result: z.boolean() },
    removeRoleFromKey: { result: z.boolean() },
    resolveKeyScopes: { result: scopes },
    validateApiKey: {
      query: readOptionsSchema,
      body: z.strictObject({ key: z.string() }),
      result: validatedSchema,
    },
  },
});
