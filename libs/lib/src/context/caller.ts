import { auditContextSchema, tenantIdSchema, validate, type AuditContext } from "@stratum-hq/core";
import { ClsServiceManager } from "nestjs-cls";

/** Who acts. */
export interface Actor extends AuditContext {
  /**
   * The tenant that the actor belongs to: it sees and changes that tenant and what is below, and any
   * other id is answered as an unknown one. Null or left out: the platform.
   */
  readonly tenant_id?: string | null;
}

/** The actor of one call, complete. */
export interface Caller {
  readonly actor_id: string;
  readonly actor_type: AuditContext["actor_type"];
  readonly source_ip: string | null;
  readonly request_id: string | null;
  /** The tenant that bounds what it may see; null for the platform. */
  readonly bound_to: string | null;
}

const ACTOR = Symbol("stratum.actor");
const actorSchema = auditContextSchema.extend({ tenant_id: tenantIdSchema.nullish() });

const SYSTEM: Caller = {
  actor_id: "system",
  actor_type: "system",
  source_ip: null,
  request_id: null,
  bound_to: null,
};

function complete(context: AuditContext, boundTo: string | null): Caller {
  return {
    actor_id: context.actor_id,
    actor_type: context.actor_type,
    source_ip: context.source_ip ?? null,
    request_id: context.request_id ?? null,
    bound_to: boundTo,
  };
}

/**
 * Runs `work` on behalf of an actor: every call of Stratum inside, however deep, acts for it.
 *
 * @throws ValidationError when the actor is malformed
 */
export function runAs<T>(actor: Actor, work: () => T): T {
  const { tenant_id, ...context } = validate(actorSchema, actor, "actor");
  const cls = ClsServiceManager.getClsService();
  return cls.run({ ifNested: "inherit" }, () => {
    cls.set(ACTOR, complete(context, tenant_id ?? null));
    return work();
  });
}

/**
 * Who acts right now: `audit` where a method was given one, else the actor in context, else `system`.
 * What bounds the caller always comes from the context, so that no argument widens it.
 */
export function currentCaller(audit?: AuditContext): Caller {
  const cls = ClsServiceManager.getClsService();
  const inContext = (cls.isActive() ? cls.get<Caller | undefined>(ACTOR) : undefined) ?? SYSTEM;
  if (audit === undefined) return inContext;
  return complete(validate(auditContextSchema, audit, "audit"), inContext.bound_to);
}
