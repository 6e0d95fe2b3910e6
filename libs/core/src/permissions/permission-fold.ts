import {
  candidatesByKey,
  decisive,
  participants,
  type Candidate,
  type Level,
} from "../inheritance/chain";
import type { JsonValue } from "../json/json-value";
import type { PermissionMode, RevocationMode } from "./permission.schemas";

/** One tenant of a chain, with its own policies and the keys that are banned there. */
export interface PermissionLevel extends Level {
  readonly policies: readonly PermissionLevelPolicy[];
  readonly bans: readonly string[];
}

export interface PermissionLevelPolicy {
  readonly policy_id: string;
  readonly key: string;
  readonly value: JsonValue;
  readonly mode: PermissionMode;
  readonly revocation_mode: RevocationMode;
}

/** A key's policy in effect at a tenant, and where it comes from. */
export interface ResolvedPermission {
  readonly policy_id: string;
  readonly key: string;
  readonly value: JsonValue;
  readonly mode: PermissionMode;
  /** The slug of the tenant that the policy belongs to; `inherited` to who may not know that one. */
  readonly source: string;
  /** Null to who may not know it. */
  readonly source_tenant_id: string | null;
  /** Whether tenants below that one can change nothing. */
  readonly locked: boolean;
  /** Whether tenants below that one may decide as its owner does. */
  readonly delegated: boolean;
}

export type ResolvedPermissions = Readonly<Record<string, ResolvedPermission>>;

/** One tenant's policy in a key's chain. */
export interface PermissionChainLink {
  /** Null, as slug and value, to who may not know the tenant. */
  readonly tenant_id: string | null;
  readonly slug: string | null;
  readonly depth: number;
  readonly policy_id: string;
  readonly value: JsonValue;
  readonly mode: PermissionMode;
  readonly revocation_mode: RevocationMode;
  /** Whether this is the policy in effect. */
  readonly effective: boolean;
}

/** Why a key is granted to a tenant, or not. */
export interface PermissionExplanation {
  readonly key: string;
  /** What `checkPermission` answers: whether the policy in effect has the value `true`. */
  readonly granted: boolean;
  /** The policy in effect; null where there is none, or the key is banned. */
  readonly resolved: ResolvedPermission | null;
  /** The uppermost tenant of the chain that bans the key. */
  readonly banned_at: { readonly tenant_id: string | null; readonly slug: string | null } | null;
  /** Every policy of the key from the root to the tenant. */
  readonly chain: readonly PermissionChainLink[];
}

type PolicyCandidate = Candidate<PermissionLevel, PermissionLevelPolicy>;

function candidates(levels: readonly PermissionLevel[]): [string, PolicyCandidate[]][] {
  return candidatesByKey(
    levels,
    ({ policies }) => policies,
    ({ key }) => key,
  );
}

function winnerOf(policies: readonly PolicyCandidate[]): PolicyCandidate {
  return decisive(policies, ({ entry }) => entry.mode === "LOCKED");
}

function resolved({ level, entry }: PolicyCandidate): ResolvedPermission {
  return {
    policy_id: entry.policy_id,
    key: entry.key,
    value: entry.value,
    mode: entry.mode,
    source: level.slug,
    source_tenant_id: level.tenant_id,
    locked: entry.mode === "LOCKED",
    delegated: entry.mode === "DELEGATED",
  };
}

/**
 * Resolves the permissions of the last tenant of `levels` (root first). The nearest policy wins, until
 * one is LOCKED; a key that any of the tenants bans is absent. Keys are sorted.
 */
export function foldPermissions(levels: readonly PermissionLevel[]): ResolvedPermissions {
  const banned = new Set(participants(levels).flatMap(({ bans }) => bans));
  // fromEntries defines properties, so that a key "__proto__" is a key like any other.
  return Object.fromEntries(
    candidates(levels)
      .filter(([key]) => !banned.has(key))
      .map(([key, policies]) => [key, resolved(winnerOf(policies))]),
  );
}

/** Tells of one key what {@link foldPermissions} makes of it, and from what. */
export function explainFold(
  levels: readonly PermissionLevel[],
  key: string,
): PermissionExplanation {
  const [, policies = []] = candidates(levels).find(([each]) => each === key) ?? [];
  const ban = participants(levels).find(({ bans }) => bans.includes(key));
  const winner = policies.length === 0 || ban !== undefined ? null : winnerOf(policies);
  return {
    key,
    granted: winner?.entry.value === true,
    resolved: winner === null ? null : resolved(winner),
    banned_at: ban === undefined ? null : { tenant_id: ban.tenant_id, slug: ban.slug },
    chain: policies.map((policy) => ({
      tenant_id: policy.level.tenant_id,
      slug: policy.level.slug,
      depth: levels.indexOf(policy.level),
      policy_id: policy.entry.policy_id,
      value: policy.entry.value,
      mode: policy.entry.mode,
      revocation_mode: policy.entry.revocation_mode,
      effective: policy === winner,
    })),
  };
}
