import { Injectable } from "@nestjs/common";
import {
  chainOf,
  ForbiddenError,
  InvalidOperationStateError,
  OperationNotFoundError,
  tenantIdSchema,
  validate,
  type AuditContext,
  type Operation,
  type OperationsApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import { requireSeen } from "./operation-read.service";
import { toOperation, type OperationRow } from "./operation-row";
import { OperationRunner } from "./operation-runner";
import { OperationTimings } from "./operation-timings";
import { OperationStore } from "./operation.store";

type LockedOperation = OperationRow & { readonly abandoned: boolean };

/** Stops long operations, and goes on with them. */
@Injectable()
export class OperationControlService implements Pick<
  OperationsApi,
  "cancelOperation" | "resumeOperation"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: OperationStore,
    private readonly runner: OperationRunner,
    private readonly timings: OperationTimings,
  ) {}

  async cancelOperation(id: string, audit?: AuditContext): Promise<Operation> {
    const caller = currentCaller(audit);
    const operationId = validate(tenantIdSchema, id, "id");
    return this.mutations.runWithoutTenant({ caller }, async (m) => {
      const { tx } = m;
      const before = await this.lock(m, operationId);
      if (before.state === "cancelled" || before.cancel_requested) return toOperation(before);
      requireCancellable(before);
      if (before.abandoned) await this.store.end(operationId, before.claim_id, null, tx);
      else await this.store.requestCancel(tx, operationId);
      const after = (await this.store.find(operationId, tx)) as OperationRow;
      await record(m, "operation.cancelled", before, after);
      return toOperation(after);
    });
  }

  async resumeOperation(id: string, audit?: AuditContext): Promise<Operation> {
    const caller = currentCaller(audit);
    const operationId = validate(tenantIdSchema, id, "id");
    const operation = await this.mutations.runWithoutTenant({ caller }, async (m) => {
      const before = await this.lock(m, operationId);
      requireResumable(before);
      const after = await this.runner.takeUp(m.tx, operationId);
      await record(m, "operation.resumed", before, after);
      return after;
    });
    await this.runner.run(operation);
    return toOperation((await this.store.find(operationId)) ?? operation);
  }

  private async lock({ tx, caller }: Mutation<null>, id: string): Promise<LockedOperation> {
    const found = await this.store.findForUpdate(tx, id, this.timings.stale);
    const operation = requireSeen(found, id, caller);
    requireAuthority(operation, caller);
    return operation;
  }
}

async function record(
  m: Mutation<null>,
  action: string,
  before: OperationRow,
  after: OperationRow,
): Promise<void> {
  const stateOf = ({ type, state, cancel_requested }: OperationRow) => ({
    ...{ type, state, cancel_requested },
  });
  const { id, tenant_id } = before;
  const change = {
    ...{ action, resource_type: "operation", resource_id: id, tenant_id },
    before: stateOf(before),
    after: stateOf(after),
  };
  await m.record([change], []);
}

/** A caller bound to a tenant may stop and go on with what its own level or one below started. */
function requireAuthority({ id, path, started_by }: OperationRow, { bound_to }: Caller): void {
  if (bound_to === null) return;
  if (path === null) throw new OperationNotFoundError(id);
  const chain = chainOf(path);
  if (started_by !== null && chain.indexOf(started_by) >= chain.indexOf(bound_to)) return;
  throw new ForbiddenError(`Operation ${id} was started by a level above. Ask that level.`, {
    operation_id: id,
  });
}

function requireCancellable({ id, state, cancellable }: OperationRow): void {
  const why =
    state !== "running"
      ? `it has ${state}`
      : cancellable
        ? null
        : "what it has begun must be finished";
  if (why !== null) throw new InvalidOperationStateError(id, state, "cancel", why);
}

function requireResumable({ id, state, resumable, abandoned }: LockedOperation): void {
  const why = !resumable
    ? "it served its caller directly; start a new one"
    : state === "succeeded"
      ? "it has succeeded"
      : state === "running" && !abandoned
        ? "it is under way"
        : null;
  if (why !== null) throw new InvalidOperationStateError(id, state, "resume", why);
}
