import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Configuration, to inject: `constructor(private readonly api: ConfigApi)`. */
export const ConfigApi = apiToken<core.ConfigApi>("ConfigApi", core.CONFIG_API);
export type ConfigApi = core.ConfigApi;
