import { attributeReader } from "./abac-attributes";
import { conditionTest } from "./abac-condition";
import type { EffectiveAbacPolicy } from "./abac-fold";
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
export interface AbacDecision<Rule extends AbacRule = EffectiveAbacPolicy> {
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

const readType = attributeReader("resource.type");

function targetOf(request: unknown): Target {
  try {
    return { type: readType(request), action: (request as Partial<AbacRequest>).action };
  } catch {
    // No request at all, or a getter or a proxy in it that throws.
    return { type: undefined, action: undefined };
  }
}

/** Prepares a pattern: whether it covers a name; undefined where there is no name, save under `*`. */
function patternTest(pattern: string): (name: unknown) => boolean | undefined {
  if (pattern === "*") return () => true;
  const prefix = pattern.endsWith("*") ? pattern.slice(0, -1) : null;
  return (name) => {
    if (typeof name !== "string") return undefined;
    return prefix === null ? name === pattern : name.startsWith(prefix);
  };
}

/** Prepares a policy. What is unknown speaks against access: an allow does not match by it, a deny does. */
function policyTest(rule: AbacRule): (target: Target, request: unknown) => boolean {
  const unknown = rule.effect !== "allow";
  const coversType = patternTest(rule.resource_type);
  const coversAction = patternTest(rule.action);
  const conditions = rule.conditions.map(conditionTest);
  return ({ type, action }, request) => {
    if (!(coversType(type) ?? unknown) || !(coversAction(action) ?? unknown)) return false;
    for (const holds of conditions) {
      if (!(holds(request) ?? unknown)) return false;
    }
    return true;
  };
}

/** Answers requests by the policies that it was made of. */
export type AbacEvaluator<Rule extends AbacRule = EffectiveAbacPolicy> = (
  request: AbacRequest,
) => AbacDecision<Rule>;

/**
 * Prepares policies, in whatever order they come, for many requests. Any deny that matches wins; without
 * one, any allow; without either, the request is denied. A policy matches where its patterns cover the
 * resource's type and the action, and all its conditions hold. An attribute that is missing, or that
 * cannot be compared, makes a condition of an allow false and one of a deny true; so does a resource
 * without a type make the pattern of each. Evaluating never throws.
 */
export function abacEvaluator<Rule extends AbacRule>(
  policies: readonly Rule[],
): AbacEvaluator<Rule> {
  const prepared = [...policies]
    .sort(compareAbacPolicies)
    .map((policy) => ({ policy, matches: policyTest(policy) }));
  const denials = prepared.filter(({ policy }) => policy.effect !== "allow");
  const allowances = prepared.filter(({ policy }) => policy.effect === "allow");
  return (request) => {
    const target = targetOf(request);
    // In their order the first that matches is the one to report.
    for (const { policy, matches } of denials) {
      if (matches(target, request))
        return { allowed: false, matched_policy: policy, reason: "explicit_deny" };
    }
    for (const { policy, matches } of allowances) {
      if (matches(target, request))
        return { allowed: true, matched_policy: policy, reason: "explicit_allow" };
    }
    return { allowed: false, matched_policy: null, reason: "no_matching_policy" };
  };
}

/** Evaluates one request, as {@link abacEvaluator} does many. Never throws. */
export function evaluateAbacPolicies<Rule extends AbacRule>(
  policies: readonly Rule[],
  request: AbacRequest,
): AbacDecision<Rule> {
  return abacEvaluator(policies)(request);
}
