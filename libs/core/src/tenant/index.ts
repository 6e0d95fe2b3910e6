/** Tenants. */
export * from "./limits";
export * from "./tenant.errors";
export {
  ancestorsOf,
  ancestryPathOf,
  chainOf,
  childPath,
  depthOf,
  idOf,
  isBelow,
  isWithin,
  labelOf,
  rootOf,
  subtreeUpperBound,
  type TenantPath,
} from "./path";
export { canTransition, STATUS_TRANSITIONS, type StatusOperation } from "./transitions";
export {
  expectedVersionSchema,
  externalIdSchema,
  ISOLATION_STRATEGIES,
  metadataSchema,
  slugSchema,
  TENANT_STATUSES,
  tenantIdSchema,
  tenantNameSchema,
  tenantSchema,
  type IsolationStrategy,
  type Tenant,
  type TenantStatus,
} from "./tenant.schemas";
export {
  batchCreateTenantsSchema,
  batchTenantSchema,
  createTenantSchema,
  listDescendantsSchema,
  listTenantsSchema,
  pageSchema,
  positionSchema,
  tenantStatusSchema,
  updateTenantSchema,
  versionedSchema,
  type BatchCreateError,
  type BatchCreateResult,
  type BatchTenantInput,
  type CreateTenantInput,
  type ListDescendantsInput,
  type ListTenantsInput,
  type Page,
  type PageInput,
  type TenantStatusInput,
  type UpdateTenantInput,
  type VersionedInput,
} from "./tenant-inputs.schemas";
export { TENANCY_API, type TenancyApi } from "./api";
export { TENANT_TREE_API, type TenantTreeApi } from "./tree.api";
