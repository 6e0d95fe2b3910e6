import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** A tenant together with what it inherits, to inject: `constructor(private readonly api: TenantContextApi)`. */
export const TenantContextApi = apiToken<core.TenantContextApi>(
  "TenantContextApi",
  core.TENANT_CONTEXT_API,
);
export type TenantContextApi = core.TenantContextApi;
