import {
  createRoleSchema,
  pageSchema,
  principalIdSchema,
  principalTypeSchema,
  readOptionsSchema,
  ROLES_API,
  tenantIdSchema,
  updateRoleSchema,
  type Role,
  type RolesApi,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { id, named, times, version } from "../api/results";

const scopes = z.array(z.string());
const roleSchema: z.ZodType<Role> = z.strictObject({
  id,
  tenant_id: id.nullable(),
  name: z.string(),
  description: z.string().nullable(),
  scopes,
  version,
  ...times,
});

const tenant_id = tenantIdSchema.nullish();
const principal = z.strictObject({
  principal_type: principalTypeSchema,
  principal_id: principalIdSchema,
  tenant_id,
});

named("Role", roleSchema);

export const ROLES_ROUTES = apiRoutes<RolesApi>({
  tag: "Roles",
  methods: ROLES_API,
  routes: {
    createRole: { body: createRoleSchema, result: roleSchema },
    updateRole: { body: updateRoleSchema, result: roleSchema },
    deleteRole: {},
    getRole: { result: roleSchema },
    listRoles: { query: pageSchema.extend({ tenant_id }), result: roleSchema },
    assignRole: { body: principal.extend({ role_id: tenantIdSchema }), result: z.boolean() },
    removeRole: { body: principal, result: z.boolean() },
    resolvePrincipalScopes: { query: principal.extend(readOptionsSchema.shape), result: scopes },
  },
});
