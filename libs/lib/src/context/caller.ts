import {
  auditContextSchema,
  effectiveScopes,
  missingScopes,
  PLATFORM_SCOPE,
  scopesSchema,
  tenantIdSchema,
  validate,
  withoutPlatformScopes,
  type AuditContext,
} from "@stratum-hq/core";
import { ClsServiceManager } from "nestjs-cls";
import { shareProbes } from "./probes";

/** Who acts. */
export interface Actor extends AuditContext {
  /**
   * The tenant that the actor belongs to: it sees and changes that tenant and what is below, and any
   * other id is answered as an unknown one. Null or left out: the platform.
   */
  readonly tenant_id?: string | null;
  /**
   * What it may grant and ask for: scopes and bundles of them. An actor with scopes calls only methods whose scopes it
   * holds. Left out, it calls every method that its bound allows; an actor of type `system` then grants every scope, any
   * other none.
   */
  readonly scopes?: readonly string[];
}

/** The actor of one call, complete. */
export interface Caller {
  readonly actor_id: string;
  readonly actor_type: AuditContext["actor_type"];
  readonly source_ip: string | null;
  readonly request_id: string | null;
  /** The tenant that bounds what it may see; null for the platform. */
  readonly bound_to: string | null;
  /** Its scopes, bundles expanded; null for every one that its bound allows. */
  readonly scopes: readonly string[] | null;
  /** Whether it calls only methods whose scopes it holds: its scopes were told, or nobody has authenticated it. */
  readonly is_held: boolean;
  /** Whether it may know the tenants above its bound. */
  readonly sees_ancestors: boolean;
}

/** What bounds a caller, which no argument of a method widens. */
type Bounds = Pick<Caller, "bound_to" | "scopes" | "is_held" | "sees_ancestors">;

/** Where the caller stands in a store of CLS. */
export const ACTOR = Symbol("stratum.actor");
const actorSchema = auditContextSchema.extend({
  tenant_id: tenantIdSchema.nullish(),
  scopes: scopesSchema.optional(),
});

const ANONYMOUS = "anonymous";

const SYSTEM: Caller = {
  actor_id: "system",
  actor_type: "system",
  source_ip: null,
  request_id: null,
  bound_to: null,
  scopes: null,
  is_held: false,
  sees_ancestors: true,
};

function boundsOf(actor: Actor): Bounds {
  const bound_to = actor.tenant_id ?? null;
  const scopes =
    actor.scopes === undefined
      ? actor.actor_type === "system"
        ? null
        : []
      : effectiveScopes(actor.scopes, bound_to);
  const sees_ancestors = bound_to === null || scopes === null || scopes.includes("ancestors:read");
  return { bound_to, scopes, is_held: actor.scopes !== undefined, sees_ancestors };
}

function complete(context: AuditContext, bounds: Bounds): Caller {
  return {
    actor_id: context.actor_id,
    actor_type: context.actor_type,
    source_ip: context.source_ip ?? null,
    request_id: context.request_id ?? null,
    bound_to: bounds.bound_to,
    scopes: bounds.scopes,
    is_held: bounds.is_held,
    sees_ancestors: bounds.sees_ancestors,
  };
}

/** The caller that an actor is. @throws ValidationError when the actor is malformed */
export function callerOf(actor: Actor): Caller {
  const valid = validate(actorSchema, actor, "actor");
  return complete(valid, boundsOf(valid));
}

/** Whom nobody has authenticated, and who therefore has no scopes. */
export function anonymousCaller(source_ip: string | null, request_id: string | null): Caller {
  const scopes: readonly string[] = [];
  const bounds = { scopes, is_held: true, sees_ancestors: false };
  return { ...SYSTEM, actor_id: ANONYMOUS, source_ip, request_id, ...bounds };
}

/** Whether nobody has authenticated the caller. */
export function isAnonymous({ actor_id, actor_type, scopes }: Caller): boolean {
  return actor_id === ANONYMOUS && actor_type === "system" && scopes?.length === 0;
}

/**
 * Runs `work` on behalf of an actor: every call of Stratum inside, however deep, acts for it.
 *
 * @throws ValidationError when the actor is malformed
 */
export function runAs<T>(actor: Actor, work: () => T): T {
  const caller = callerOf(actor);
  const cls = ClsServiceManager.getClsService();
  return cls.run({ ifNested: "inherit" }, () => {
    cls.set(ACTOR, caller);
    return work();
  });
}

/**
 * Runs `work` on behalf of the caller in context, held to its tenant and not to its scopes: what Stratum itself asks for a
 * handler, such as the configuration that a parameter of it has, is no request of the caller's.
 */
export function runUnscoped<T>(work: () => T): T {
  const caller = callerInContext();
  if (caller === null) return work();
  const cls = ClsServiceManager.getClsService();
  return cls.run({ ifNested: "inherit" }, () => {
    cls.set(ACTOR, { ...caller, is_held: false });
    return work();
  });
}

/** The actor of {@link runAs}; null outside of it. */
export function callerInContext(): Caller | null {
  const cls = ClsServiceManager.getClsService();
  return (cls.isActive() ? cls.get<Caller | undefined>(ACTOR) : undefined) ?? null;
}

/** The actor in context; null outside of {@link runAs} and of requests, and where nobody has authenticated. */
export function currentActor(): Actor | null {
  const caller = callerInContext();
  if (caller === null || isAnonymous(caller)) return null;
  const { actor_id, actor_type, source_ip, request_id, bound_to, scopes, is_held } = caller;
  return {
    actor_id,
    actor_type,
    source_ip,
    request_id,
    tenant_id: bound_to,
    ...(scopes === null || !is_held ? {} : { scopes }),
  };
}

/**
 * Who acts right now: `audit` where a method was given one, else the actor in context, else `system`.
 * What bounds the caller always comes from the context, so that no argument widens it.
 */
export function currentCaller(audit?: AuditContext): Caller {
  const inContext = callerInContext() ?? SYSTEM;
  if (audit === undefined) return inContext;
  const caller = complete(validate(auditContextSchema, audit, "audit"), inContext);
  if (caller.bound_to !== null) shareProbes(inContext, caller);
  return caller;
}

/** Those of the wanted scopes that the caller lacks; a tenant's caller lacks the platform's always. */
export function scopesLackedBy(caller: Caller, wanted: readonly string[]): string[] {
  const allowed = caller.bound_to === null ? wanted : withoutPlatformScopes(wanted);
  if (allowed.length < wanted.length) return wanted.filter((scope) => !allowed.includes(scope));
  return caller.scopes === null ? [] : missingScopes(caller.scopes, wanted);
}

/** Whether the caller is the platform, with the scope to override what tenants are bound by. */
export function isPlatformAdmin(caller: Caller): boolean {
  return caller.bound_to === null && scopesLackedBy(caller, [PLATFORM_SCOPE]).length === 0;
}
