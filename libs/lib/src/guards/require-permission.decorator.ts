import { requirement } from "./requirement";
import { PermissionGuard, RequiredPermissions } from "./permission.guard";

/**
 * Lets a handler, or all of a controller, be called only for a tenant in context that has every
 * permission named (`checkPermission`); those of handler and controller, and of several at one place, add up.
 *
 * Answers ForbiddenError (403) where one is lacking, TenantContextMissingError (500) without a tenant in
 * context.
 *
 * @example
 * @RequirePermission("reports.export")
 */
export function RequirePermission(...keys: [string, ...string[]]) {
  return requirement(RequiredPermissions, PermissionGuard, keys);
}
