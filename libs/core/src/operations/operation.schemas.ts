import { z } from "zod";
import type { ActorType } from "../audit/audit.schemas";
import type { JsonObject } from "../json/json-value";
import { pageSchema } from "../tenant/tenant-inputs.schemas";
import { tenantIdSchema } from "../tenant/tenant.schemas";

/** What takes longer than a call should hold a transaction. */
export const OPERATION_TYPES = [
  "purge",
  "export",
  "key_rotation",
  "data_key_rotation",
  "context_key_rotation",
  "provision",
] as const;
export type OperationType = (typeof OPERATION_TYPES)[number];

export const OPERATION_STATES = ["running", "succeeded", "failed", "cancelled"] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/** How far an operation is, in units of its type; `total` is null where it is not known. */
export interface OperationProgress extends JsonObject {
  readonly done: number;
  readonly total: number | null;
}

/** Why an operation failed: the code and message of the error that its caller got. */
export interface OperationFailure {
  readonly code: string;
  readonly message: string;
}

/** One long operation. Times are ISO 8601 in UTC. */
export interface Operation {
  readonly id: string;
  readonly type: OperationType;
  /** The tenant that it is about; null for the platform. */
  readonly tenant_id: string | null;
  readonly state: OperationState;
  readonly progress: OperationProgress;
  /** Whether it will end as cancelled as soon as its current step is done. */
  readonly cancel_requested: boolean;
  /** Whether it can be cancelled as far as it is now. */
  readonly cancellable: boolean;
  /** Whether another process can go on where this one stopped. */
  readonly resumable: boolean;
  readonly error: OperationFailure | null;
  readonly result: JsonObject | null;
  readonly actor_id: string;
  readonly actor_type: ActorType;
  /** Times that a process took it up since it last got on. */
  readonly attempts: number;
  readonly version: number;
  /** When its process last gave a sign of life. */
  readonly heartbeat_at: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly finished_at: string | null;
}

/** Filters combine with AND. */
export const listOperationsSchema = pageSchema.extend({
  tenant_id: tenantIdSchema.optional(),
  type: z.enum(OPERATION_TYPES).optional(),
  state: z.enum(OPERATION_STATES).optional(),
});
export type ListOperationsInput = z.input<typeof listOperationsSchema>;
