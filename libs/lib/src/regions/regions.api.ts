import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Regions, to inject: `constructor(private readonly api: RegionsApi)`. */
export const RegionsApi = apiToken<core.RegionsApi>("RegionsApi", core.REGIONS_API);
export type RegionsApi = core.RegionsApi;
