import type { AuditContext } from "../audit/audit.schemas";
import type { ListOperationsInput, Operation } from "./operation.schemas";
import type { Page } from "../tenant/tenant-inputs.schemas";
import { path, queries, type ApiMethod } from "../api/api-method";

/** Long operations: observed, cancelled, resumed. */
export interface OperationsApi {
  /**
   * One operation. A caller bound to a tenant sees those of its own subtree.
   *
   * @throws ValidationError, OperationNotFoundError
   */
  getOperation(id: string): Promise<Operation>;

  /**
   * Operations that match all filters, newest first: all, or those of the caller's own subtree.
   *
   * @throws ValidationError; TenantNotFoundError when `tenant_id` is given and unknown
   */
  listOperations(query?: ListOperationsInput): Promise<Page<Operation>>;

  /**
   * Stops an operation after the step that it is in; at once, where its process is dead. Whoever awaits it
   * gets an OperationCancelledError. Cancelling it again changes nothing.
   *
   * @throws ValidationError, OperationNotFoundError, ForbiddenError when a level above the caller started
   *   it, InvalidOperationStateError when it has ended or must be finished
   */
  cancelOperation(id: string, audit?: AuditContext): Promise<Operation>;

  /**
   * Goes on with an operation that failed or was cancelled, or whose process is dead, from where it
   * stopped; resolves when it has ended.
   *
   * @throws ValidationError, OperationNotFoundError, ForbiddenError when a level above the caller started
   *   it, InvalidOperationStateError when it is under way, done, or cannot be resumed; what it fails with
   */
  resumeOperation(id: string, audit?: AuditContext): Promise<Operation>;
}

/** How each method of {@link OperationsApi} travels, and what it asks of its caller. */
export const OPERATIONS_API = {
  getOperation: {
    effect: "reader",
    http: "GET /operations/{id}",
    status: 200,
    args: [path("id")],
    scope: "operations:read",
  },
  listOperations: {
    effect: "reader",
    http: "GET /operations",
    status: 200,
    args: [queries()],
    scope: "operations:read",
    list: "page",
  },
  cancelOperation: {
    effect: "mutator",
    http: "POST /operations/{id}/cancel",
    status: 200,
    args: [path("id")],
    scope: "operations:write",
  },
  resumeOperation: {
    effect: "mutator",
    http: "POST /operations/{id}/resume",
    status: 200,
    args: [path("id")],
    scope: "operations:write",
  },
} as const satisfies Record<keyof OperationsApi, ApiMethod>;
