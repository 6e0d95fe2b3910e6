/** A tenant together with what it inherits. */
export type { ResolvedTenantContext } from "./resolved-tenant-context";
export { TENANT_CONTEXT_API, type TenantContextApi } from "./api";
