import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Retention, to inject: `constructor(private readonly api: RetentionApi)`. */
export const RetentionApi = apiToken<core.RetentionApi>("RetentionApi", core.RETENTION_API);
export type RetentionApi = core.RetentionApi;
