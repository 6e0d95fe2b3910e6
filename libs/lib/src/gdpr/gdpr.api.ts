import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Export and erasure, to inject: `constructor(private readonly api: GdprApi)`. */
export const GdprApi = apiToken<core.GdprApi>("GdprApi", core.GDPR_API);
export type GdprApi = core.GdprApi;
