import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Permissions, to inject: `constructor(private readonly api: PermissionsApi)`. */
export const PermissionsApi = apiToken<core.PermissionsApi>("PermissionsApi", core.PERMISSIONS_API);
export type PermissionsApi = core.PermissionsApi;
