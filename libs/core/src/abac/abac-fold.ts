import { candidatesByKey, decisive, type Level } from "../inheritance/chain";
import { hideSource, type HiddenTenants } from "../inheritance/disclosure";
import { abacPolicyIdentity, compareAbacPolicies } from "./abac-policy";
import type { AbacPolicy } from "./abac.schemas";

/** One tenant of a chain, with its own policies. */
export interface AbacLevel extends Level {
  readonly policies: readonly AbacPolicy[];
}

/** A policy as a tenant that inherits it sees it. */
export type EffectiveAbacPolicy = Omit<AbacPolicy, "tenant_id"> & {
  /** Null to who may not know that tenant. */
  readonly tenant_id: string | null;
};

/** A policy in effect at a tenant, and where it comes from. */
export interface ResolvedAbacPolicy {
  readonly policy: EffectiveAbacPolicy;
  /** The slug of the tenant that the policy belongs to; `inherited` to who may not know that one. */
  readonly source: string;
  /** Null to who may not know it. */
  readonly source_tenant_id: string | null;
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

/** The policies without the names and ids of the tenants that they come from, where these are hidden. */
export function hideAbacSources(
  resolved: readonly ResolvedAbacPolicy[],
  hidden: HiddenTenants,
): readonly ResolvedAbacPolicy[] {
  return resolved.map((each) => {
    const seen = hideSource(each, hidden);
    return seen === each ? each : { ...seen, policy: { ...each.policy, tenant_id: null } };
  });
}
