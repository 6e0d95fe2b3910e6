import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Long operations, to inject: `constructor(private readonly api: OperationsApi)`. */
export const OperationsApi = apiToken<core.OperationsApi>("OperationsApi", core.OPERATIONS_API);
export type OperationsApi = core.OperationsApi;
