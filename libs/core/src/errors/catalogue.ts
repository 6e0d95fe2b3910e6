import { ABAC_ERRORS } from "../abac/error-codes";
import { ACCESS_ERRORS } from "../access/error-codes";
import { AUDIT_ERRORS } from "../audit/error-codes";
import { CONFIG_ERRORS } from "../config/error-codes";
import { CRYPTO_ERRORS } from "../crypto/error-codes";
import { GDPR_ERRORS } from "../gdpr/error-codes";
import { HTTP_ERRORS } from "../http/error-codes";
import { ISOLATION_ERRORS } from "../isolation/error-codes";
import { OPERATIONS_ERRORS } from "../operations/error-codes";
import { PERMISSIONS_ERRORS } from "../permissions/error-codes";
import { PLATFORM_ERRORS } from "../platform/error-codes";
import { REGIONS_ERRORS } from "../regions/error-codes";
import { TENANT_ERRORS } from "../tenant/error-codes";

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
