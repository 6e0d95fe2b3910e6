import { Injectable } from "@nestjs/common";
import type { OperationHandler, OperationStep, StepOutcome } from "../operations/operation-handler";
import { OperationRunner } from "../operations/operation-runner";
import { DATABASE_STAGES, DatabaseMaker, type DatabaseStage } from "./database-maker";
import { TenantActivation } from "./tenant-activation";

/** A tenant's stages: those of its database, and that it becomes active. */
export const PROVISION_STAGES = [...DATABASE_STAGES, "activation"] as const;

/** Makes a tenant's database, one stage in each step, and the tenant active in the last. */
@Injectable()
export class ProvisionHandler implements OperationHandler {
  readonly type = "provision";

  constructor(
    runner: OperationRunner,
    private readonly maker: DatabaseMaker,
    private readonly activation: TenantActivation,
  ) {
    runner.register(this);
  }

  async prepare(): Promise<void> {
    await this.maker.prepare();
  }

  async step({ tx, operation, caller }: OperationStep): Promise<StepOutcome> {
    const tenantId = operation.tenant_id ?? "";
    const { total } = operation.progress;
    const done = operation.progress.done + 1;
    const progress = { done, total };
    const stage = stageAfter(operation.progress.done, total);
    if (stage === "activation") {
      await this.activation.activate(tx, tenantId, caller);
      return { progress, result: { tenant_id: tenantId } };
    }
    await this.maker.make(tx, stage, await this.activation.keep(tx, tenantId));
    return { progress };
  }
}

/** Of tenants that only wait for those above, the last stage is the only one. */
function stageAfter(done: number, total: number | null): DatabaseStage | "activation" {
  const skipped = PROVISION_STAGES.length - (total ?? PROVISION_STAGES.length);
  return PROVISION_STAGES[skipped + done] ?? "activation";
}
