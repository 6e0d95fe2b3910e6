import {
  banPermissionSchema,
  createPermissionSchema,
  deletePermissionSchema,
  pageSchema,
  PERMISSION_MODES,
  permissionKeySchema,
  PERMISSIONS_API,
  readOptionsSchema,
  REVOCATION_MODES,
  updatePermissionSchema,
  type PermissionBan,
  type PermissionExplanation,
  type PermissionPolicy,
  type PermissionsApi,
  type ResolvedPermission,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { count, id, json, named, source, time, times, version } from "../api/results";

const policy = { key: z.string(), value: json, mode: z.enum(PERMISSION_MODES) } as const;
const revocation_mode = z.enum(REVOCATION_MODES);

const policySchema: z.ZodType<PermissionPolicy> = z.strictObject({
  id,
  tenant_id: id,
  ...policy,
  revocation_mode,
  version,
  ...times,
});

const resolved = z.strictObject({ policy_id: id, ...policy, ...source, delegated: z.boolean() });
export const resolvedPermissionsSchema: z.ZodType<Record<string, ResolvedPermission>> = z.record(
  z.string(),
  resolved,
);

const place = { tenant_id: id.nullable(), slug: z.string().nullable() } as const;
const explanationSchema: z.ZodType<PermissionExplanation> = z.strictObject({
  key: z.string(),
  granted: z.boolean(),
  resolved: resolved.nullable(),
  banned_at: z.strictObject(place).nullable(),
  chain: z.array(
    z.strictObject({
      ...place,
      depth: count,
      policy_id: id,
      value: json,
      mode: policy.mode,
      revocation_mode,
      effective: z.boolean(),
    }),
  ),
});

const banSchema: z.ZodType<PermissionBan> = z.strictObject({
  tenant_id: id,
  key: z.string(),
  created_at: time,
});

const ofKey = z.strictObject({ key: permissionKeySchema });

named("PermissionPolicy", policySchema);
named("PermissionExplanation", explanationSchema);
named("PermissionBan", banSchema);
named("ResolvedPermission", resolved);

export const PERMISSIONS_ROUTES = apiRoutes<PermissionsApi>({
  tag: "Permissions",
  methods: PERMISSIONS_API,
  routes: {
    resolvePermissions: { query: readOptionsSchema, result: resolvedPermissionsSchema },
    checkPermission: { query: ofKey.extend(readOptionsSchema.shape), result: z.boolean() },
    explainPermission: { query: ofKey, result: explanationSchema },
    listPermissionBans: { query: pageSchema, result: banSchema },
    createPermission: { body: createPermissionSchema, result: policySchema },
    updatePermission: { body: updatePermissionSchema, result: policySchema },
    deletePermission: { query: deletePermissionSchema },
    banPermission: { body: banPermissionSchema, result: banSchema },
    liftPermissionBan: {},
  },
});
