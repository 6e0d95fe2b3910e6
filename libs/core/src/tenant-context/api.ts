import type { ResolvedTenantContext } from "./resolved-tenant-context";
import { path, type ApiMethod } from "../api/api-method";

/** A tenant together with what it inherits. */
export interface TenantContextApi {
  /**
   * The tenant, its ancestors, and its configuration and permissions in effect: what an application
   * reads at the start of a request. One query when the latter two are cached, three when not.
   *
   * @throws TenantNotFoundError, TenantArchivedError, ValidationError
   */
  getTenantContext(id: string): Promise<ResolvedTenantContext>;
}

/** How each method of {@link TenantContextApi} travels, and what it asks of its caller. */
export const TENANT_CONTEXT_API = {
  getTenantContext: {
    effect: "reader",
    http: "GET /tenants/{id}/context",
    status: 200,
    args: [path("id")],
    scope: "tenants:read",
    alsoScopes: ["config:read", "permissions:read"],
  },
} as const satisfies Record<keyof TenantContextApi, ApiMethod>;
