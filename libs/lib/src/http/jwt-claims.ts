import { scopesSchema, tenantIdSchema, UnauthorizedError } from "@stratum-hq/core";
import type { Credential } from "./tenant-resolver";

export interface ClaimOptions {
  /** The claim that has the tenant's id. Default `tenant_id`. */
  readonly tenantClaim?: string;
  /** The claim that has the scopes, as a list or a text with spaces between. Default `scopes`. */
  readonly scopesClaim?: string;
  /**
   * What a token without a tenant's id stands for: somebody whose tenants `authorize` knows (the default),
   * or the platform, which sees all tenants.
   */
  readonly withoutTenant?: "authorize" | "platform";
}

/**
 * Whom verified claims stand for.
 *
 * @throws UnauthorizedError where the tenant's claim is no id, or the subject no text
 */
export function credentialOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { tenantClaim = "tenant_id", scopesClaim = "scopes", withoutTenant = "authorize" }: ClaimOptions,
): Credential {
  const tenant = claims[tenantClaim] ?? null;
  const { data: tenant_id = null } = tenantIdSchema.safeParse(tenant);
  if (tenant !== null && tenant_id === null) throw new UnauthorizedError();
  const { sub } = claims;
  // An object would be written as the same text for whoever sends one.
  if (typeof sub !== "string") throw new UnauthorizedError();
  const actor = {
    actor_id: sub,
    actor_type: "jwt",
    tenant_id,
    scopes: scopesOf(claims[scopesClaim]),
  } as const;
  return { actor, unbound: tenant_id === null && withoutTenant === "authorize" };
}

/** Other parties' scopes (`openid`, `profile`) are no scopes of ours. */
function scopesOf(claim: unknown): string[] {
  const listed: readonly unknown[] =
    typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return listed.filter(
    (scope): scope is string =>
      typeof scope === "string" && scopesSchema.safeParse([scope]).success,
  );
}
