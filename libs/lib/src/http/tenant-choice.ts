import { TenantNotFoundError, UnauthorizedError } from "@stratum-hq/core";
import { Inject, Injectable } from "@nestjs/common";
import { callerOf, type Caller } from "../context/caller";
import { requireActive, requireOnChain } from "../tenancy/access";
import { TenantDirectory, type KnownTenant } from "../tenancy/tenant-directory";
import type { TenantKey } from "../tenancy/tenant-key";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { proceed, type Awaitable } from "./awaitable";
import type { TenantRequest } from "./tenant-request";
import type { Credential } from "./tenant-resolver";

const CREDENTIAL_NEEDED =
  "Naming a tenant lets nobody in. Send an API key or a token, or let the application's authorize decide.";

/** A tenant, and who acts in it where nobody else is authenticated. */
export interface Choice {
  readonly tenant: KnownTenant;
  /** What the sender is bound to from now on; null for what the credential says. */
  readonly boundTo: string | null;
}

/** Decides which tenant a request gets, by its credential and by what it selects. */
@Injectable()
export class TenantChoice {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly tenants: TenantDirectory,
  ) {}

  /**
   * The tenant, active; null where the request has a credential, and selects none.
   *
   * @param caller who the credential stands for
   * @throws UnauthorizedError where neither a credential nor `authorize` can give a tenant;
   *   TenantNotFoundError, also for a tenant that the sender may not select; TenantSuspendedError,
   *   TenantArchivedError, InvalidTenantStateError
   */
  choose(
    request: TenantRequest,
    credential: Credential | null,
    caller: Caller,
    selected: TenantKey | null,
  ): Awaitable<Choice | null> {
    const key = selected ?? (caller.bound_to === null ? null : { id: caller.bound_to });
    if (key === null) return null;
    const isDecided = credential !== null && credential.unbound !== true;
    const tenant = isDecided
      ? this.visible(caller, key)
      : this.authorized(request, credential, key);
    return proceed(tenant, (chosen) => {
      requireActive(chosen, "serve a request of");
      return { tenant: chosen, boundTo: isDecided ? null : chosen.id };
    });
  }

  /** An actor's own tenant or one below it; for the platform, any. */
  private visible(caller: Caller, key: TenantKey): Awaitable<KnownTenant> {
    return proceed(this.tenants.findNow(key) ?? this.tenants.find(key), (tenant) => {
      if (tenant === undefined) throw unknownTenant(key);
      requireOnChain(tenant.context.chain, caller, lookupOf(key));
      return tenant;
    });
  }

  /** Who selects a tenant that no credential gives learns nothing of the others. */
  private async authorized(
    request: TenantRequest,
    credential: Credential | null,
    key: TenantKey,
  ): Promise<KnownTenant> {
    const authorize = this.options.http?.authorize;
    if (authorize === undefined) {
      if (credential === null) throw new UnauthorizedError(CREDENTIAL_NEEDED);
      throw unknownTenant(key);
    }
    const tenant = await this.tenants.find(key);
    if (tenant === undefined) throw unknownTenant(key);
    const { id, slug, name } = tenant;
    const isAllowed = await authorize(request, { id, slug, name }, credential?.actor ?? null);
    // Only what is true lets anybody in, whatever the application's code returns.
    if ((isAllowed as unknown) !== true) throw unknownTenant(key);
    return tenant;
  }
}

/** A foreign slug's id is not told either. */
function lookupOf(key: TenantKey): { tenant_id: string } | { slug: string } {
  return "id" in key ? { tenant_id: key.id } : key;
}

/** A foreign tenant is answered as an unknown one. */
export function unknownTenant(key: TenantKey): TenantNotFoundError {
  return new TenantNotFoundError(lookupOf(key));
}

/** A caller, bound to a tenant that it was let into. */
export function boundCaller(
  caller: Caller,
  credential: Credential | null,
  tenantId: string,
): Caller {
  if (credential === null) return { ...caller, bound_to: tenantId };
  const { source_ip, request_id } = caller;
  return {
    ...callerOf({ scopes: [], ...credential.actor, tenant_id: tenantId }),
    source_ip,
    request_id,
  };
}
