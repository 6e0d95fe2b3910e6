import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Roles, to inject: `constructor(private readonly api: RolesApi)`. */
export const RolesApi = apiToken<core.RolesApi>("RolesApi", core.ROLES_API);
export type RolesApi = core.RolesApi;
