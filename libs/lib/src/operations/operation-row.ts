import type { JsonObject, Operation, OperationType, TenantPath } from "@stratum-hq/core";
import type { Caller } from "../context/caller";

/** A row of table `operations`, with the place of its tenant. */
export interface OperationRow extends Operation {
  /** What was asked for; given by who started it, and never shown. */
  readonly params: JsonObject;
  /** Where its handler goes on; the handler's own. */
  readonly checkpoint: JsonObject;
  readonly source_ip: string | null;
  readonly request_id: string | null;
  /** The tenant that bound who started it; null for the platform. */
  readonly started_by: string | null;
  /** By which a process proves that it still runs the operation. */
  readonly claim_id: string;
  /** Null for the platform's, and where the tenant is gone. */
  readonly path: TenantPath | null;
}

/** What identifies an operation that this process runs. */
export type ClaimedOperation = Pick<OperationRow, "id" | "type" | "claim_id">;

/** What is written of an operation as it starts. */
export interface NewOperation {
  readonly type: OperationType;
  /** The tenant that it is about; null for the platform. */
  readonly tenant_id: string | null;
  readonly params?: JsonObject;
  /** Units of work, where they are known. */
  readonly total?: number | null;
  /** False for what must be finished once it has begun. */
  readonly cancellable?: boolean;
}

/** An operation as callers see it. */
export function toOperation(row: OperationRow): Operation {
  return {
    id: row.id,
    type: row.type,
    tenant_id: row.tenant_id,
    state: row.state,
    progress: row.progress,
    cancel_requested: row.cancel_requested,
    cancellable: row.cancellable,
    resumable: row.resumable,
    error: row.error,
    result: row.result,
    actor_id: row.actor_id,
    actor_type: row.actor_type,
    attempts: row.attempts,
    version: row.version,
    heartbeat_at: row.heartbeat_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
    finished_at: row.finished_at,
  };
}

/** Who started the operation: whoever goes on with it acts for them. */
export function callerOf(row: OperationRow): Caller {
  return {
    actor_id: row.actor_id,
    actor_type: row.actor_type,
    source_ip: row.source_ip,
    request_id: row.request_id,
    bound_to: row.started_by,
    scopes: null,
    is_held: false,
    sees_ancestors: true,
  };
}
