import { Injectable } from "@nestjs/common";
import {
  abacRequestSchema,
  deepFreeze,
  foldAbacPolicies,
  MAX_UNPAGED_RESULTS,
  ResultTooLargeError,
  tenantIdSchema,
  TenantNotFoundError,
  validate,
  type AbacDecision,
  type AbacLevel,
  type AbacPolicy,
  type AbacRequest,
  type ResolvedAbacPolicy,
  type AbacApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import type { ReadOptions } from "../context/read-options";
import type { Cached } from "../persistence/chain-cache";
import { requireVisible } from "../tenancy/access";
import { TenantStore } from "../tenancy/tenant.store";
import { AbacCache, effectiveOf, type EffectivePolicies } from "./abac.cache";
import { AbacStore, type AbacLevelRow } from "./abac.store";

/** Reads ABAC policies as tenants inherit them, and decides by them. */
@Injectable()
export class AbacReadService implements Pick<
  AbacApi,
  "getAbacPolicies" | "resolveAbacPolicies" | "evaluateAbac"
> {
  constructor(
    private readonly store: AbacStore,
    private readonly cache: AbacCache,
    private readonly tenants: TenantStore,
  ) {}

  async getAbacPolicies(tenantId: string): Promise<AbacPolicy[]> {
    const id = validate(tenantIdSchema, tenantId, "tenantId");
    requireVisible(await this.tenants.findById(id), currentCaller(), { tenant_id: id });
    const policies = await this.store.list(id);
    if (policies.length <= MAX_UNPAGED_RESULTS) return policies;
    throw new ResultTooLargeError("deleteAbacPolicy", "policies", "for those that are in no use");
  }

  async resolveAbacPolicies(
    tenantId: string,
    options?: ReadOptions,
  ): Promise<readonly ResolvedAbacPolicy[]> {
    return (await this.effective(tenantId, options)).resolved;
  }

  async evaluateAbac(
    tenantId: string,
    request: AbacRequest,
    options?: ReadOptions,
  ): Promise<AbacDecision> {
    const valid = validate(abacRequestSchema, request, "request");
    return (await this.effective(tenantId, options)).evaluate(valid);
  }

  private async effective(id: string, options?: ReadOptions): Promise<EffectivePolicies> {
    return this.cache.resolve(id, options, (tenantId) => this.load(tenantId));
  }

  private async load(tenantId: string): Promise<Cached<EffectivePolicies>> {
    const rows = await this.store.levels(tenantId);
    if (rows.length === 0) throw new TenantNotFoundError({ tenant_id: tenantId });
    const resolved = foldAbacPolicies(rows.map(toLevel));
    return { chain: rows.map(({ id }) => id), value: deepFreeze(effectiveOf(resolved)) };
  }
}

function toLevel({ id, policies, ...level }: AbacLevelRow): AbacLevel {
  return { tenant_id: id, ...level, policies: policies.map(withIsoTimes) };
}

function withIsoTimes(policy: AbacPolicy): AbacPolicy {
  const [created, updated] = [new Date(policy.created_at), new Date(policy.updated_at)];
  return { ...policy, created_at: created.toISOString(), updated_at: updated.toISOString() };
}
