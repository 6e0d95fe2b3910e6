import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Usage, to inject: `constructor(private readonly api: UsageApi)`. */
export const UsageApi = apiToken<core.UsageApi>("UsageApi", core.USAGE_API);
export type UsageApi = core.UsageApi;
