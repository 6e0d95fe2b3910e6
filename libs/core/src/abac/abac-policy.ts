import type { AbacPolicy } from "./abac.schemas";

/** What a policy is inherited and overridden by; unique within a tenant. */
export type AbacPolicyIdentity = Pick<AbacPolicy, "resource_type" | "action" | "name">;

/** The identity as messages, logs and errors have it. */
export function abacPolicyKey({ resource_type, action, name }: AbacPolicyIdentity): string {
  return `${resource_type}:${action}:${name}`;
}

/** The identity as one text that no other has: a colon may stand in every part, U+0000 in none. */
export function abacPolicyIdentity({ resource_type, action, name }: AbacPolicyIdentity): string {
  return `${resource_type}\u0000${action}\u0000${name}`;
}

type Ranked = AbacPolicyIdentity & Pick<AbacPolicy, "priority">;

function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The order of policies: the highest priority first, then by resource_type, action and name. */
export function compareAbacPolicies(left: Ranked, right: Ranked): number {
  return (
    right.priority - left.priority ||
    compareText(left.resource_type, right.resource_type) ||
    compareText(left.action, right.action) ||
    compareText(left.name, right.name)
  );
}
