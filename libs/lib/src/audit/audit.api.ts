import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** The audit log, to inject: `constructor(private readonly api: AuditApi)`. */
export const AuditApi = apiToken<core.AuditApi>("AuditApi", core.AUDIT_API);
export type AuditApi = core.AuditApi;
