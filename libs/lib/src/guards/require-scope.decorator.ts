import { requirement } from "./requirement";
import { RequiredScopes, ScopeGuard } from "./scope.guard";

/**
 * Lets a handler, or all of a controller, be called only on behalf of an actor who holds every scope
 * named; those of handler and controller, and of several at one place, add up. The actor is the one of `runAs`.
 *
 * Answers UnauthorizedError (401) without an actor, ForbiddenError (403) where scopes are lacking.
 *
 * @example
 * @RequireScope("config:write")
 */
export function RequireScope(...scopes: [string, ...string[]]) {
  return requirement(RequiredScopes, ScopeGuard, scopes);
}
