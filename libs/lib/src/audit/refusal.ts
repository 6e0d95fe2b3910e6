import { StratumError, type JsonObject } from "@stratum-hq/core";
import { callerInContext, type Caller } from "../context/caller";
import { takeProbes, type Probe } from "../context/probes";
import { currentTenantContext } from "../context/tenant-context";

/** Who was refused, as the audit log keeps it. */
export type RefusedActor = Pick<Caller, "actor_id" | "actor_type" | "source_ip" | "request_id">;

/** Something that was refused, as the audit log keeps it. */
export interface Refusal {
  readonly action:
    | "access.authentication_failed"
    | "access.denied"
    | "access.escalation_refused"
    | "access.probed"
    | "access.refusals_suppressed";
  readonly actor: RefusedActor;
  readonly resource_type: string;
  readonly resource_id: string | null;
  /** The tenant in whose log it stands; null for the platform's. */
  readonly tenant_id: string | null;
  readonly metadata: JsonObject;
}

/** Who is refused where nobody is authenticated. */
export const NOBODY: RefusedActor = {
  actor_id: "anonymous",
  actor_type: "system",
  source_ip: null,
  request_id: null,
};

/** Errors that say that somebody reached for more than is theirs. */
const ACTIONS: Readonly<Record<string, Refusal["action"]>> = {
  UNAUTHORIZED: "access.authentication_failed",
  FORBIDDEN: "access.denied",
  SCOPE_ESCALATION: "access.escalation_refused",
  CONFIG_KEY_RESERVED: "access.escalation_refused",
};

function actorOf(caller: Caller | null): RefusedActor {
  if (caller === null) return NOBODY;
  const { actor_id, actor_type, source_ip, request_id } = caller;
  return { actor_id, actor_type, source_ip, request_id };
}

/**
 * The refusal that an error tells of, of the actor in context; null where it tells of none. It stands in
 * the actor's own tenant's log, which learns no more from it than the actor did.
 *
 * @param operation the method or handler that threw it
 */
export function refusalOf(error: unknown, operation: string): Refusal | null {
  const action = error instanceof StratumError ? ACTIONS[error.code] : undefined;
  if (action === undefined) return null;
  const { code, details } = error as StratumError;
  const caller = callerInContext();
  const missing = Array.isArray(details.missing) ? (details.missing as string[]) : [];
  return {
    action,
    actor: actorOf(caller),
    resource_type: "operation",
    resource_id: operation,
    tenant_id: caller?.bound_to ?? currentTenantContext()?.tenant_id ?? null,
    metadata: missing.length === 0 ? { code } : { code, missing },
  };
}

/**
 * The probes of the actor in context. They stand in the platform's log alone: in its own log the actor
 * would find out which of the ids that it tried are there, and in the other tenant's that one would learn
 * of a tenant elsewhere.
 */
export function probesInContext(operation: string): Refusal[] {
  const caller = callerInContext();
  if (caller === null) return [];
  return takeProbes(caller).map(({ resource_type, resource_id }: Probe) => ({
    action: "access.probed",
    actor: actorOf(caller),
    resource_type,
    resource_id,
    tenant_id: null,
    metadata: { operation, actor_tenant_id: caller.bound_to },
  }));
}
