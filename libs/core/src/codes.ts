/** What is below every feature and made of all of them: the codes of errors, and the scopes. */
import { ABAC_ERRORS } from "./abac/codes";
import { ACCESS_ERRORS, ACCESS_SCOPES } from "./access/codes";
import { AUDIT_ERRORS, AUDIT_SCOPES } from "./audit/codes";
import { CONFIG_ERRORS, CONFIG_SCOPES } from "./config/codes";
import { CONSENT_SCOPES } from "./consent/codes";
import { CRYPTO_ERRORS } from "./crypto/codes";
import { GDPR_ERRORS, GDPR_SCOPES } from "./gdpr/codes";
import { HTTP_ERRORS } from "./http/codes";
import { ISOLATION_ERRORS } from "./isolation/codes";
import { OPERATIONS_ERRORS, OPERATIONS_SCOPES } from "./operations/codes";
import { PERMISSIONS_ERRORS, PERMISSIONS_SCOPES } from "./permissions/codes";
import { PLATFORM_ERRORS, PLATFORM_SCOPES } from "./platform/codes";
import { REGIONS_ERRORS } from "./regions/codes";
import { TENANT_ERRORS, TENANT_SCOPES } from "./tenant/codes";
import { USAGE_SCOPES } from "./usage/codes";

/**
 * Every error code of Stratum, feature by feature. docs/errors.md is generated from it.
 */
export const ERROR_CATALOGUE = {
  ...PLATFORM_ERRORS,
  ...TENANT_ERRORS,
  ...CONFIG_ERRORS,
  ...PERMISSIONS_ERRORS,
  ...ABAC_ERRORS,
  ...ACCESS_ERRORS,
  ...AUDIT_ERRORS,
  ...CRYPTO_ERRORS,
  ...ISOLATION_ERRORS,
  ...OPERATIONS_ERRORS,
  ...REGIONS_ERRORS,
  ...GDPR_ERRORS,
  ...HTTP_ERRORS,
};

/** The page that explains every error, each under its code in lower case. */
export const ERROR_PAGE = "https://github.com/stratum-hq/stratum/blob/main/docs/errors.md";

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** What Stratum's own operations ask for. A host application adds scopes of its own beside them. */
export const SCOPES = [
  ...PLATFORM_SCOPES,
  ...TENANT_SCOPES,
  ...CONFIG_SCOPES,
  ...PERMISSIONS_SCOPES,
  ...ACCESS_SCOPES,
  ...AUDIT_SCOPES,
  ...OPERATIONS_SCOPES,
  ...GDPR_SCOPES,
  ...CONSENT_SCOPES,
  ...USAGE_SCOPES,
] as const;
export type Scope = (typeof SCOPES)[number];
