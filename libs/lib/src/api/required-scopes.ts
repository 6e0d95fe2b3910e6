import {
  STRATUM_API,
  UnauthorizedError,
  type ApiMethod,
  type Scope,
  type StratumApi,
} from "@stratum-hq/core";
import { callerInContext, isAnonymous } from "../context/caller";
import { requireScopes } from "../context/authorization";
import { LOCAL_API, type LocalApi, type LocalMethod } from "./local-api";

/** Every method of the facade. */
export type MethodName = keyof StratumApi | keyof LocalApi;

/** What a call is held to, whether it could travel over a wire or not. */
export const METHODS: Readonly<Record<MethodName, ApiMethod | LocalMethod>> = {
  ...STRATUM_API,
  ...LOCAL_API,
};

/** The scopes that a call asks for, its arguments taken into account. */
export function scopesOf(name: MethodName, args: readonly unknown[]): readonly Scope[] {
  const { scope, ...method } = METHODS[name];
  if (scope === "none") return [];
  const { alsoScopes = [], escalations = [] } = method as Partial<ApiMethod>;
  const escalated = escalations.filter(({ when }) => when(args)).map((each) => each.scope);
  return [scope, ...alsoScopes, ...escalated];
}

/**
 * Refuses a call to a caller in context who lacks a scope of it. Code without an actor in context is `system`, and, like an
 * actor whose scopes nobody told, is not held to scopes.
 *
 * @throws UnauthorizedError for nobody in particular; ForbiddenError naming what is lacking
 */
export function requireScopesOf(name: MethodName, args: readonly unknown[]): void {
  const caller = callerInContext();
  if (caller?.is_held !== true || METHODS[name].scope === "none") return;
  if (isAnonymous(caller)) throw new UnauthorizedError();
  requireScopes(caller, scopesOf(name, args));
}
