import { candidatesByKey, decisive, type Level } from "../inheritance/chain";
import { abacPolicyIdentity, compareAbacPolicies } from "./abac-policy";
import type { AbacPolicy } from "./abac.schemas";

/** One tenant of a chain, with its own policies. */
export interface AbacLevel extends Level {
  readonly policies: readonly AbacPolicy[];
}

/** A policy in effect at a tenant, and where it comes from. */
export interface ResolvedAbacPolicy {
  readonly policy: AbacPolicy;
  /** The slug of the tenant that the policy belongs to. */
  readonly source: string;
  readonly source_tenant_id: string;
  /** Whether tenants below that one can change nothing. */
  readonly locked: boolean;
  /** Whether tenants below that one may decide as its owner does. */
  readonly delegated: boolean;
}

/**
 * Resolves the policies of the last tenant of `levels` (root first). Of those that share resource_type,
 * action and name the nearest wins, until one is LOCKED. The highest priority comes first.
 */
export function foldAbacPolicies(levels: readonly AbacLevel[]): readonly ResolvedAbacPolicy[] {
  return candidatesByKey(levels, ({ policies }) => policies, abacPolicyIdentity)
    .map(([, candidates]) => {
      const { level, entry } = decisive(candidates, (each) => each.entry.mode === "LOCKED");
      return {
        policy: entry,
        source: level.slug,
        source_tenant_id: level.tenant_id,
        locked: entry.mode === "LOCKED",
        delegated: entry.mode === "DELEGATED",
      };
    })
    .sort((left, right) => compareAbacPolicies(left.policy, right.policy));
}
