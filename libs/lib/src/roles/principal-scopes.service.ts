import { Injectable } from "@nestjs/common";
import { effectiveScopes, TenantNotFoundError, type RolesApi } from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { isStrong, type ReadOptions } from "../context/read-options";
import type { Cached } from "../persistence/chain-cache";
import { requireOnChain } from "../tenancy/access";
import { requirePlatform } from "../tenancy/access";
import { parsePrincipal } from "./principal-role.service";
import { PrincipalRoleStore, type Principal } from "./principal-role.store";
import { PrincipalScopesCache } from "./principal-scopes.cache";

/** Reads what principals may do. */
@Injectable()
export class PrincipalScopesService implements Pick<RolesApi, "resolvePrincipalScopes"> {
  constructor(
    private readonly store: PrincipalRoleStore,
    private readonly cache: PrincipalScopesCache,
  ) {}

  async resolvePrincipalScopes(
    type: string,
    principal: string,
    tenantId?: string | null,
    options?: ReadOptions,
  ): Promise<readonly string[]> {
    const who = parsePrincipal(type, principal, tenantId);
    const caller = currentCaller();
    if (who.tenant_id === null) requirePlatform(caller);
    const load = async () => this.load(who);
    const strong = options !== undefined && isStrong(options);
    const { chain, value } = await (strong ? load() : this.cache.get(JSON.stringify(who), load));
    if (who.tenant_id !== null) requireOnChain(chain, caller);
    return value;
  }

  private async load(who: Principal): Promise<Cached<readonly string[]>> {
    const { chain, roles } = await this.store.scopes(who);
    if (chain === null) throw new TenantNotFoundError({ tenant_id: who.tenant_id ?? "" });
    const scopes = roles.flatMap((role) => effectiveScopes(role.scopes, role.tenant_id));
    return { chain, value: Object.freeze([...new Set(scopes)].sort()) };
  }
}
