import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** ABAC policies, to inject: `constructor(private readonly api: AbacApi)`. */
export const AbacApi = apiToken<core.AbacApi>("AbacApi", core.ABAC_API);
export type AbacApi = core.AbacApi;
