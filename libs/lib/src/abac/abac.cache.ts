import { Injectable } from "@nestjs/common";
import type { AbacEvaluator, ResolvedAbacPolicy } from "@stratum-hq/core";
import { ChainCache } from "../persistence/chain-cache";

/** The policies in effect at a tenant, and what evaluates requests by them. */
export interface EffectivePolicies {
  readonly resolved: readonly ResolvedAbacPolicy[];
  readonly evaluate: AbacEvaluator;
}

/** Resolved ABAC policies by tenant. */
@Injectable()
export class AbacCache extends ChainCache<EffectivePolicies> {}
