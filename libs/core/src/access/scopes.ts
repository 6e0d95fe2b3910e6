import { z } from "zod";
import { SCOPES, type Scope } from "../codes";
import { SCOPE_MAX_LENGTH, SCOPES_MAX } from "./limits";

/** Holds every scope, those of host applications too. Only what belongs to no tenant can have it. */
export const PLATFORM_SCOPE = "platform:admin";

/** What shows a customer its distributor's structure: no bundle has it. */
const NEVER_BUNDLED: readonly Scope[] = [PLATFORM_SCOPE, "ancestors:read"];

/** What makes new credentials: `write` leaves it to `admin`. */
const CREDENTIALS: readonly Scope[] = ["keys:write", "roles:write"];

const readable = SCOPES.filter(
  (scope) => scope.endsWith(":read") && !NEVER_BUNDLED.includes(scope),
);
const writable = SCOPES.filter((scope) => scope.endsWith(":write") && !CREDENTIALS.includes(scope));

/** Names for many scopes at once, each with the bundles that it contains. */
export const SCOPE_BUNDLES = {
  read: readable,
  write: ["read", ...readable, ...writable],
  admin: ["read", "write", ...SCOPES.filter((scope) => !NEVER_BUNDLED.includes(scope))],
} as const satisfies Record<string, readonly string[]>;
export type ScopeBundle = keyof typeof SCOPE_BUNDLES;

const SCOPE_PATTERN = /^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$/;
const RESOURCES: ReadonlySet<string> = new Set(SCOPES.map(resourceOf));

function resourceOf(scope: string): string {
  return scope.slice(0, scope.indexOf(":"));
}

function isBundle(scope: string): scope is ScopeBundle {
  return Object.hasOwn(SCOPE_BUNDLES, scope);
}

/** Says why a text is no scope; null where it is one, or a bundle. */
export function scopeProblem(scope: string): string | null {
  if (isBundle(scope) || (SCOPES as readonly string[]).includes(scope)) return null;
  if (!SCOPE_PATTERN.test(scope)) {
    return `expected resource:action in lower case, or one of ${Object.keys(SCOPE_BUNDLES).join(", ")}`;
  }
  return RESOURCES.has(resourceOf(scope))
    ? `"${scope}" is none of Stratum's scopes; known ones are ${SCOPES.join(", ")}`
    : null;
}

/** `resource:action`, or a bundle (`read`, `write`, `admin`). */
export const scopeSchema = z
  .string()
  .max(SCOPE_MAX_LENGTH)
  .superRefine((scope, context) => {
    const message = scopeProblem(scope);
    if (message !== null) context.addIssue({ code: "custom", message });
  });

/** A list of scopes; what is in it twice counts once. */
export const scopesSchema = z
  .array(scopeSchema)
  .max(SCOPES_MAX)
  .transform((scopes) => [...new Set(scopes)].sort());

/** The scopes named, and what the bundles among them stand for; sorted. */
export function expandScopes(scopes: Iterable<string>): string[] {
  const expanded = new Set<string>();
  for (const scope of scopes) {
    expanded.add(scope);
    if (isBundle(scope)) for (const each of SCOPE_BUNDLES[scope]) expanded.add(each);
  }
  return [...expanded].sort();
}

/** What a list of scopes amounts to for something that belongs to a tenant, or (null) to the platform. */
export function effectiveScopes(scopes: readonly string[], tenantId: string | null): string[] {
  return expandScopes(tenantId === null ? scopes : withoutPlatformScopes(scopes));
}

/** The scopes that something bound to a tenant can have: all but the platform's. */
export function withoutPlatformScopes(scopes: readonly string[]): string[] {
  return scopes.filter((scope) => scope !== PLATFORM_SCOPE);
}

/**
 * Those of the wanted scopes that the held ones do not cover; empty where nothing is lacking. A bundle
 * is covered by itself or one that contains it, not by its parts: a later release may add to it.
 */
export function missingScopes(held: readonly string[], wanted: readonly string[]): string[] {
  const has = new Set(expandScopes(held));
  return has.has(PLATFORM_SCOPE) ? [] : wanted.filter((scope) => !has.has(scope));
}
