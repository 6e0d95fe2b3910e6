import {
  BATCH_CREATE_MAX_ITEMS,
  batchCreateTenantsSchema,
  batchTenantSchema,
  createTenantSchema,
  externalIdSchema,
  listDescendantsSchema,
  listTenantsSchema,
  positionSchema,
  TENANCY_API,
  TENANT_CONTEXT_API,
  TENANT_TREE_API,
  tenantIdSchema,
  tenantSchema,
  tenantStatusSchema,
  updateTenantSchema,
  versionedSchema,
  type TenancyApi,
  type TenantContextApi,
  type TenantTreeApi,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { resolvedConfigSchema } from "../configuration/config.results";
import { resolvedPermissionsSchema } from "../permissions/permissions.routes";

const archivedToo = z.strictObject({ include_archived: z.boolean().optional() });
const batchErrorSchema = z.strictObject({
  index: z.number().int().min(0),
  code: z.string(),
  error: z.string(),
});

export const TENANCY_ROUTES = apiRoutes<TenancyApi>({
  tag: "Tenants",
  methods: TENANCY_API,
  routes: {
    createTenant: { body: createTenantSchema, result: tenantSchema },
    createOrganization: {
      body: createTenantSchema.omit({ parent_id: true }),
      result: tenantSchema,
    },
    batchCreateTenants: {
      body: z.strictObject({ tenants: batchCreateTenantsSchema }),
      documentedBody: z.strictObject({
        tenants: z.array(batchTenantSchema).min(1).max(BATCH_CREATE_MAX_ITEMS),
      }),
      result: z.strictObject({
        created: z.array(tenantSchema),
        errors: z.array(batchErrorSchema),
      }),
    },
    getTenant: { query: archivedToo, result: tenantSchema },
    getTenantBySlug: { query: archivedToo, result: tenantSchema },
    getTenantByExternalId: {
      query: archivedToo.extend({ under: tenantIdSchema, external_id: externalIdSchema }),
      result: tenantSchema,
    },
    getOrganization: { query: archivedToo, result: tenantSchema },
    updateTenant: { body: updateTenantSchema, result: tenantSchema },
    listTenants: { query: listTenantsSchema, result: tenantSchema },
    suspendTenant: { body: tenantStatusSchema, result: tenantSchema },
    resumeTenant: { body: tenantStatusSchema, result: tenantSchema },
    archiveTenant: { body: tenantStatusSchema, result: tenantSchema },
    deleteTenant: { query: tenantStatusSchema, result: tenantSchema },
    listOrganizations: { query: listTenantsSchema.omit({ parent_id: true }), result: tenantSchema },
  },
});

export const TENANT_TREE_ROUTES = apiRoutes<TenantTreeApi>({
  tag: "Tree",
  methods: TENANT_TREE_API,
  routes: {
    getAncestors: { result: tenantSchema },
    getRoot: { result: tenantSchema },
    getChildren: { query: archivedToo, result: tenantSchema },
    getDescendants: { query: archivedToo, result: tenantSchema },
    listDescendants: { query: listDescendantsSchema, result: tenantSchema },
    moveTenant: {
      body: versionedSchema.extend({ parent_id: tenantIdSchema.nullable() }),
      result: tenantSchema,
    },
    reorderTenant: {
      body: versionedSchema.extend({ position: positionSchema }),
      result: tenantSchema,
    },
  },
});

export const TENANT_CONTEXT_ROUTES = apiRoutes<TenantContextApi>({
  tag: "Tenants",
  methods: TENANT_CONTEXT_API,
  routes: {
    getTenantContext: {
      result: z.strictObject({
        tenant: tenantSchema,
        config: resolvedConfigSchema,
        permissions: resolvedPermissionsSchema,
        ancestors: z.array(tenantSchema),
      }),
    },
  },
});
