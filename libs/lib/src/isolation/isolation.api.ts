import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Isolation, to inject: `constructor(private readonly api: IsolationApi)`. */
export const IsolationApi = apiToken<core.IsolationApi>("IsolationApi", core.ISOLATION_API);
export type IsolationApi = core.IsolationApi;
