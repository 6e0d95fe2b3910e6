import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** API keys, to inject: `constructor(private readonly api: ApiKeysApi)`. */
export const ApiKeysApi = apiToken<core.ApiKeysApi>("ApiKeysApi", core.API_KEYS_API);
export type ApiKeysApi = core.ApiKeysApi;
