/** Long operations. */
export * from "./limits";
export * from "./operation.errors";
export {
  listOperationsSchema,
  OPERATION_STATES,
  OPERATION_TYPES,
  type ListOperationsInput,
  type Operation,
  type OperationFailure,
  type OperationProgress,
  type OperationState,
  type OperationType,
} from "./operation.schemas";
export { OPERATIONS_API, type OperationsApi } from "./api";
