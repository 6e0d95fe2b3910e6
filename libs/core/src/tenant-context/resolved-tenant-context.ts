import type { ResolvedConfig } from "../config/fold";
import type { ResolvedPermissions } from "../permissions/permission-fold";
import type { Tenant } from "../tenant/tenant.schemas";

/** All that follows from a tenant's place in the tree. */
export interface ResolvedTenantContext {
  readonly tenant: Tenant;
  readonly config: ResolvedConfig;
  readonly permissions: ResolvedPermissions;
  /** Root first, as far as the caller may see them. */
  readonly ancestors: Tenant[];
}
