import { Injectable } from "@nestjs/common";
import {
  BATCH_DRIFT_MAX_CHILDREN,
  chainOf,
  computeDrift,
  deepFreeze,
  diffResolved,
  foldConfig,
  foldConfigWithChain,
  hideLinks,
  hideSources,
  summarizeDrift,
  tenantIdSchema,
  TenantNotFoundError,
  validate,
  type BatchDriftResult,
  type ConfigDiff,
  type ConfigInheritance,
  type ConfigLevel,
  type DriftResult,
  type HiddenTenants,
  type JsonValue,
  type ResolvedConfig,
  type ConfigApi,
} from "@stratum-hq/core";
import { z } from "zod";
import { currentCaller } from "../context/caller";
import { isStrong, type ReadOptions } from "../context/read-options";
import type { Cached } from "../persistence/chain-cache";
import { requireVisible } from "../tenancy/access";
import { hiddenFrom } from "../tenancy/disclosure";
import { ConfigCache } from "./config.cache";
import { ConfigEncryption } from "./config-encryption";
import { ConfigStore, type LevelRow } from "./config.store";

const childrenSchema = z.array(tenantIdSchema).max(BATCH_DRIFT_MAX_CHILDREN);

/** A tenant with what its configuration is folded from, root first. */
interface Chain {
  readonly tenant: LevelRow;
  readonly levels: readonly ConfigLevel[];
  /** The tenants of it that the caller may not know. */
  readonly hidden: HiddenTenants;
}

/** Reads configuration as tenants inherit it. */
@Injectable()
export class ConfigReadService implements Pick<
  ConfigApi,
  "resolveConfig" | "getConfigWithInheritance" | "diffConfig" | "computeDrift" | "batchComputeDrift"
> {
  constructor(
    private readonly store: ConfigStore,
    private readonly encryption: ConfigEncryption,
    private readonly cache: ConfigCache,
  ) {}

  async resolveConfig(id: string, options?: ReadOptions): Promise<ResolvedConfig> {
    return this.cache.resolve(id, options, (tenantId) => this.load(tenantId));
  }

  async getConfigWithInheritance(
    id: string,
    options?: ReadOptions,
  ): Promise<Readonly<Record<string, ConfigInheritance>>> {
    if (options !== undefined) isStrong(options);
    const [found] = await this.chains([validate(tenantIdSchema, id, "id")]);
    const { levels, hidden } = found as Chain;
    const told = Object.entries(hideSources(foldConfigWithChain(levels), hidden));
    return Object.fromEntries(
      told.map(([key, { chain, ...entry }]) => [
        key,
        { ...entry, chain: hideLinks(chain, hidden) },
      ]),
    );
  }

  async diffConfig(tenantA: string, tenantB: string): Promise<ConfigDiff> {
    const ids = [
      validate(tenantIdSchema, tenantA, "tenantA"),
      validate(tenantIdSchema, tenantB, "tenantB"),
    ];
    const [a, b] = (await this.chains(ids)) as [Chain, Chain];
    return {
      tenant_a: { id: a.tenant.id, name: a.tenant.name },
      tenant_b: { id: b.tenant.id, name: b.tenant.name },
      diff: diffResolved(resolvedFor(a), resolvedFor(b)),
    };
  }

  async computeDrift(parentId: string, childId: string): Promise<DriftResult> {
    const parent = validate(tenantIdSchema, parentId, "parentId");
    const child = validate(tenantIdSchema, childId, "childId");
    const [above, below] = (await this.chains([parent, child])) as [Chain, Chain];
    return driftOf(foldConfig(above.levels), below);
  }

  async batchComputeDrift(
    parentId: string,
    childIds: readonly string[],
  ): Promise<BatchDriftResult> {
    const parent = validate(tenantIdSchema, parentId, "parentId");
    const children = validate(childrenSchema, childIds, "childIds");
    const [above, ...below] = (await this.chains([parent, ...children])) as [Chain, ...Chain[]];
    const resolved = foldConfig(above.levels);
    const results = below.map((chain) => driftOf(resolved, chain));
    return {
      parent_id: above.tenant.id,
      parent_name: above.tenant.name,
      results,
      summary: summarizeDrift(results),
    };
  }

  private async load(tenantId: string): Promise<Cached<ResolvedConfig>> {
    const found = await this.store.levels([tenantId]);
    if (found.length === 0) throw new TenantNotFoundError({ tenant_id: tenantId });
    const { rows, unavailable } = await this.encryption.openLevels(found);
    return {
      chain: rows.map(({ id }) => id),
      value: deepFreeze(foldConfig(rows.map(toLevel))),
      passing: unavailable,
    };
  }

  /** The chains of some tenants that the caller may see, in their order. */
  private async chains(tenantIds: readonly string[]): Promise<Chain[]> {
    const caller = currentCaller();
    const opened = await this.encryption.openLevels(await this.store.levels(tenantIds));
    const rows = new Map(opened.rows.map((row) => [row.id, row]));
    return tenantIds.map((tenantId) => {
      const tenant = requireVisible(rows.get(tenantId), caller, { tenant_id: tenantId });
      const chain = chainOf(tenant.path);
      const levels = chain.map((id) => toLevel(rows.get(id) as LevelRow));
      return { tenant, levels, hidden: hiddenFrom(caller, chain) };
    });
  }
}

function resolvedFor({ levels, hidden }: Chain): ResolvedConfig {
  return hideSources(foldConfig(levels), hidden);
}

function toLevel({ id, slug, archived, entries }: LevelRow): ConfigLevel {
  return { tenant_id: id, slug, archived, entries };
}

function driftOf(parent: ResolvedConfig, { tenant, levels }: Chain): DriftResult {
  const own = new Map<string, JsonValue>(
    levels.at(-1)?.entries.map(({ key, value }) => [key, value]) ?? [],
  );
  return computeDrift(tenant, parent, foldConfig(levels), own);
}
