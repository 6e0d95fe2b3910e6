import { Injectable } from "@nestjs/common";
import type { AbacPolicy, ResolvedAbacPolicy } from "@stratum-hq/core";
import { ChainCache } from "../persistence/chain-cache";

/** The policies in effect at a tenant: with where they come from, and as an evaluation takes them. */
export interface EffectivePolicies {
  readonly resolved: readonly ResolvedAbacPolicy[];
  readonly policies: readonly AbacPolicy[];
}

/** Resolved ABAC policies by tenant. */
@Injectable()
export class AbacCache extends ChainCache<EffectivePolicies> {}
