import { Injectable } from "@nestjs/common";
import {
  abacEvaluator,
  hideAbacSources,
  type AbacEvaluator,
  type HiddenTenants,
  type ResolvedAbacPolicy,
} from "@stratum-hq/core";
import { TenantCache } from "../tenancy/tenant-cache";

/** The policies in effect at a tenant, and what evaluates requests by them. */
export interface EffectivePolicies {
  readonly resolved: readonly ResolvedAbacPolicy[];
  readonly evaluate: AbacEvaluator;
}

/** Policies in effect, ready to decide. */
export function effectiveOf(resolved: readonly ResolvedAbacPolicy[]): EffectivePolicies {
  return { resolved, evaluate: abacEvaluator(resolved.map(({ policy }) => policy)) };
}

/** Resolved ABAC policies by tenant. */
@Injectable()
export class AbacCache extends TenantCache<EffectivePolicies> {
  protected override readonly hide = (
    { resolved }: EffectivePolicies,
    hidden: HiddenTenants,
  ): EffectivePolicies => effectiveOf(hideAbacSources(resolved, hidden));
}
