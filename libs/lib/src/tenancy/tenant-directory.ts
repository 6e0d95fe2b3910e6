import { Inject, Injectable } from "@nestjs/common";
import { chainOf, deepFreeze, type TenantStatus } from "@stratum-hq/core";
import type { TenantContext } from "../context/tenant-context";
import { ChainCache, type Cached } from "../persistence/chain-cache";
import { ChangeFeed } from "../persistence/change-feed";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { isPossibleKey, type TenantKey } from "./tenant-key";
import type { TenantRow } from "./tenant-row";
import { TenantStore } from "./tenant.store";

/** What each request has to know of its tenant. */
export interface KnownTenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly context: TenantContext;
}

/** Tenants by id and by slug, as requests ask for them all the time: no query for those seen lately. */
@Injectable()
export class TenantDirectory extends ChainCache<KnownTenant> {
  constructor(
    @Inject(STRATUM_OPTIONS) options: StratumOptions,
    feed: ChangeFeed,
    private readonly store: TenantStore,
  ) {
    super(options, feed);
  }

  /** The tenant, where that is known without waiting. */
  findNow(key: TenantKey): KnownTenant | undefined {
    return this.peek(nameOf(key))?.value;
  }

  /** The tenant, whatever its status and whoever asks; undefined where there is none. */
  async find(key: TenantKey): Promise<KnownTenant | undefined> {
    return isPossibleKey(key) ? (await this.load(nameOf(key), key))?.value : undefined;
  }

  private load(name: string, key: TenantKey): Promise<Cached<KnownTenant> | undefined> {
    return this.get(name, async () => {
      const row = await ("id" in key
        ? this.store.findById(key.id)
        : this.store.findBySlug(key.slug));
      return row === undefined ? undefined : known(row);
    });
  }
}

/** Slugs and ids have nothing in common. */
function nameOf(key: TenantKey): string {
  return "id" in key ? key.id : key.slug;
}

function known({ id, slug, name, status, ...row }: TenantRow): Cached<KnownTenant> {
  const chain = chainOf(row.path);
  const { isolation_strategy, region_id } = row;
  const context = { tenant_id: id, chain, isolation_strategy, region_id };
  return { chain, value: deepFreeze({ id, slug, name, status, context }) };
}
