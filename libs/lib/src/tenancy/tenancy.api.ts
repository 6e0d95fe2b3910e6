import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Tenants: created, found, changed, shut and opened again, to inject: `constructor(private readonly api: TenancyApi)`. */
export const TenancyApi = apiToken<core.TenancyApi>("TenancyApi", core.TENANCY_API);
export type TenancyApi = core.TenancyApi;

/** The tree of tenants, to inject: `constructor(private readonly api: TenantTreeApi)`. */
export const TenantTreeApi = apiToken<core.TenantTreeApi>("TenantTreeApi", core.TENANT_TREE_API);
export type TenantTreeApi = core.TenantTreeApi;
