import { Injectable } from "@nestjs/common";
import { tenantIdSchema, validate, type HiddenTenants } from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { isStrong, type ReadOptions } from "../context/read-options";
import { ChainCache, type Cached } from "../persistence/chain-cache";
import { requireOnChain } from "./access";
import { hiddenFrom } from "./disclosure";

/** What tenants resolve to, by their ids, and as each caller may see it. */
@Injectable()
export abstract class TenantCache<T extends object> extends ChainCache<T> {
  /**
   * What a tenant resolves to: cached if that is certainly right, and not asked for otherwise.
   *
   * @param load reads it from the database; throws for an unknown tenant
   * @throws ValidationError for the id or the options, TenantNotFoundError
   */
  async resolve(
    id: string,
    options: ReadOptions | undefined,
    load: (tenantId: string) => Promise<Cached<T>>,
  ): Promise<T> {
    const known = options === undefined ? this.resolveNow(id) : undefined;
    return known ?? this.shown(await this.read(id, options, load));
  }

  /** What a tenant resolves to, where that is known without waiting. @throws TenantNotFoundError */
  resolveNow(id: string): T | undefined {
    const cached = this.peek(id);
    return cached === undefined ? undefined : this.shown(cached);
  }

  /** Leaves out what tells of hidden tenants. */
  protected abstract readonly hide: (value: T, hidden: HiddenTenants) => T;

  private shown({ chain, value }: Cached<T>): T {
    const caller = currentCaller();
    requireOnChain(chain, caller);
    const hidden = hiddenFrom(caller, chain);
    return hidden.size === 0 ? value : this.seenBelow(value, hidden, this.hide);
  }

  private async read(
    id: string,
    options: ReadOptions | undefined,
    load: (tenantId: string) => Promise<Cached<T>>,
  ): Promise<Cached<T>> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const strong = options !== undefined && isStrong(options);
    return strong ? load(tenantId) : this.get(tenantId, () => load(tenantId));
  }
}
