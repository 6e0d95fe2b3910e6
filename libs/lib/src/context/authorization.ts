import { ForbiddenError, PLATFORM_SCOPE, ScopeEscalationError } from "@stratum-hq/core";
import { isPlatformAdmin, scopesLackedBy, type Caller } from "./caller";

/** Refuses whoever is bound to a tenant, or lacks platform:admin. @throws ForbiddenError */
export function requirePlatformAdmin(caller: Caller): void {
  if (isPlatformAdmin(caller)) return;
  throw new ForbiddenError(`Only the platform may do this, with the scope ${PLATFORM_SCOPE}.`);
}

/**
 * Refuses to give scopes that the caller lacks, and the platform's to anything that belongs to a tenant.
 *
 * @param tenantId the tenant that what gets them belongs to; null for the platform
 * @throws ScopeEscalationError naming what is lacking
 */
export function requireGrantable(
  caller: Caller,
  scopes: readonly string[],
  tenantId: string | null,
): void {
  if (tenantId !== null && scopes.includes(PLATFORM_SCOPE)) {
    throw new ScopeEscalationError([PLATFORM_SCOPE]);
  }
  const missing = scopesLackedBy(caller, scopes);
  if (missing.length > 0) throw new ScopeEscalationError(missing);
}

/**
 * Refuses a caller who lacks a scope, for what cannot be undone: other methods leave scopes to
 * `@RequireScope`.
 *
 * @throws ForbiddenError naming what is lacking
 */
export function requireScopes(caller: Caller, wanted: readonly string[]): void {
  const missing = scopesLackedBy(caller, wanted);
  if (missing.length === 0) return;
  throw new ForbiddenError(
    `The caller lacks ${missing.join(", ")}. Use a key or role that has it.`,
    { missing },
  );
}
