import { InternalError, StratumError, type OperationFailure } from "@stratum-hq/core";

/** What is kept of an error: never its cause, which may quote values. */
export function failureOf(error: unknown): OperationFailure {
  const { code, message } = error instanceof StratumError ? error : new InternalError(error);
  return { code, message };
}
