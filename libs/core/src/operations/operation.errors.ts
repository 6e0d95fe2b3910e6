import { StratumError } from "../errors/stratum-error";
import type { OperationState, OperationType } from "./operation.schemas";

/** Details: `{ operation_id }`. */
export class OperationNotFoundError extends StratumError {
  constructor(operationId: string) {
    super("OPERATION_NOT_FOUND", `No operation with id ${operationId}. Check the id.`, {
      operation_id: operationId,
    });
  }
}

/** Details: `{ operation_id }`. Whoever awaited the operation gets it. */
export class OperationCancelledError extends StratumError {
  constructor(operationId: string) {
    super(
      "OPERATION_CANCELLED",
      `Operation ${operationId} was cancelled. Call resumeOperation to go on with it.`,
      { operation_id: operationId },
    );
  }
}

/** Details: `{ operation_id }`. The process that ran it died, or was silent for too long. */
export class OperationInterruptedError extends StratumError {
  constructor(operationId: string) {
    super(
      "OPERATION_INTERRUPTED",
      `The process that ran operation ${operationId} gave no sign of life. ` +
        "Call getOperation to see whether another one goes on with it.",
      { operation_id: operationId },
    );
  }
}

/** Details: `{ operation_id, type, tenant_id }`. */
export class OperationInProgressError extends StratumError {
  constructor(operationId: string, type: OperationType, tenantId: string | null) {
    super(
      "OPERATION_IN_PROGRESS",
      `A ${type} is under way as operation ${operationId}. ` +
        "Follow it with getOperation; if it has failed, call resumeOperation.",
      { operation_id: operationId, type, tenant_id: tenantId },
    );
  }
}

/** Details: `{ operation_id, state, operation: "cancel" | "resume" }`. */
export class InvalidOperationStateError extends StratumError {
  constructor(
    operationId: string,
    state: OperationState,
    operation: "cancel" | "resume",
    why: string,
  ) {
    super("INVALID_OPERATION_STATE", `Cannot ${operation} operation ${operationId}: ${why}.`, {
      operation_id: operationId,
      state,
      operation,
    });
  }
}
