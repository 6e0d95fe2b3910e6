import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Consents, to inject: `constructor(private readonly api: ConsentApi)`. */
export const ConsentApi = apiToken<core.ConsentApi>("ConsentApi", core.CONSENT_API);
export type ConsentApi = core.ConsentApi;
