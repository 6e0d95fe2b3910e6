import { createParamDecorator } from "@nestjs/common";
import { TenantContextMissingError } from "@stratum-hq/core";
import { currentTenantContext, type TenantContext } from "../context/tenant-context";

/**
 * The tenant in context, as a parameter of a handler, or one field of it.
 *
 * Answers TenantContextMissingError (500) where there is none: a handler that is `@Public()` calls
 * `Stratum.currentTenantContext()`.
 *
 * @example
 * list(@CurrentTenant("tenant_id") tenantId: string)
 */
export const CurrentTenant = createParamDecorator<keyof TenantContext | undefined>((field) => {
  const context = currentTenantContext();
  if (context === null) throw new TenantContextMissingError();
  return field === undefined ? context : context[field];
});
