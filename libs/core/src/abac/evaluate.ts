import { attributeOf } from "./abac-attributes";
import { conditionHolds } from "./abac-condition";
import { compareAbacPolicies } from "./abac-policy";
import type { AbacPolicy, AbacRequest } from "./abac.schemas";

/** What an evaluation reads of a policy. */
export type AbacRule = Pick<
  AbacPolicy,
  "name" | "resource_type" | "action" | "effect" | "conditions" | "priority"
>;

/** Why a request is allowed or not. */
export type AbacReason = "explicit_deny" | "explicit_allow" | "no_matching_policy";

/** The answer to a request. */
export interface AbacDecision<Rule extends AbacRule = AbacPolicy> {
  readonly allowed: boolean;
  /** Of the policies that decided, the one of the highest priority; null where none matched. */
  readonly matched_policy: Rule | null;
  readonly reason: AbacReason;
}

/** The parts of a request that patterns are compared with; undefined where it lacks them. */
interface Target {
  readonly type: unknown;
  readonly action: unknown;
}

function targetOf(request: unknown): Target {
  try {
    return {
      type: attributeOf(request, "resource.type"),
      action: (request as Partial<AbacRequest>).action,
    };
  } catch {
    // No request at all, or a getter or a proxy in it that throws.
    return { type: undefined, action: undefined };
  }
}

/** Whether a pattern covers a name; undefined where there is no name, save under `*`. */
function covers(pattern: string, name: unknown): boolean | undefined {
  if (pattern === "*" || pattern === name) return true;
  if (typeof name !== "string") return undefined;
  return pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1));
}

/** What is unknown speaks against access: an allow does not match by it, a deny does. */
function matches(rule: AbacRule, target: Target, request: unknown): boolean {
  const unknown = rule.effect !== "allow";
  if (!(covers(rule.resource_type, target.type) ?? unknown)) return false;
  if (!(covers(rule.action, target.action) ?? unknown)) return false;
  for (const condition of rule.conditions) {
    if (!(conditionHolds(condition, request) ?? unknown)) return false;
  }
  return true;
}

/**
 * Evaluates a request against policies, in whatever order they come. Any deny that matches wins; without
 * one, any allow; without either, the request is denied. A policy matches where its patterns cover the
 * resource's type and the action, and all its conditions hold. An attribute that is missing, or that
 * cannot be compared, makes a condition of an allow false and one of a deny true; so does a resource
 * without a type make the pattern of each. Never throws.
 */
export function evaluateAbacPolicies<Rule extends AbacRule>(
  policies: readonly Rule[],
  request: AbacRequest,
): AbacDecision<Rule> {
  const target = targetOf(request);
  let allow: Rule | null = null;
  let deny: Rule | null = null;
  for (const policy of policies) {
    const denies = policy.effect !== "allow";
    if (!denies && deny !== null) continue;
    const reported: Rule | null = denies ? deny : allow;
    if (reported !== null && compareAbacPolicies(policy, reported) > 0) continue;
    if (!matches(policy, target, request)) continue;
    if (denies) deny = policy;
    else allow = policy;
  }
  if (deny !== null) return { allowed: false, matched_policy: deny, reason: "explicit_deny" };
  return allow === null
    ? { allowed: false, matched_policy: null, reason: "no_matching_policy" }
    : { allowed: true, matched_policy: allow, reason: "explicit_allow" };
}
