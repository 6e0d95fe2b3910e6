import { Injectable } from "@nestjs/common";
import { chainOf } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { OperationRow } from "../operations/operation-row";
import { OperationRunner } from "../operations/operation-runner";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "../tenancy/tenant-row";
import { TenantStorages, type DeferredProvisioning } from "../tenancy/tenant-storages";
import { PROVISION_STAGES } from "./provision.handler";
import { ProvisioningStore } from "./provisioning.store";

/** Databases that one call makes at the same time. */
const AT_ONCE = 4;

/** Makes tenants active that no transaction can: it commits an operation with each, and then runs it. */
@Injectable()
export class TenantProvisioning implements DeferredProvisioning {
  constructor(
    storages: TenantStorages,
    private readonly runner: OperationRunner,
    private readonly store: ProvisioningStore,
  ) {
    storages.defer(this);
  }

  async start(tx: Transaction, tenants: readonly TenantRow[], caller: Caller): Promise<void> {
    for (const { id, isolation_strategy } of tenants) {
      const total = isolation_strategy === "DB_PER_TENANT" ? PROVISION_STAGES.length : 1;
      await this.runner.start(tx, caller, { type: "provision", tenant_id: id, total });
    }
  }

  /** Level by level, since a tenant becomes active after its parent. */
  async finish(tenantIds: readonly string[]): Promise<Map<string, unknown>> {
    const errors = new Map<string, unknown>();
    const operations = await this.store.running(tenantIds);
    for (const depth of new Set(operations.map(depthOf))) {
      const left = operations.filter((each) => depthOf(each) === depth).values();
      const worker = async (): Promise<void> => {
        for (const operation of left) {
          const run = this.runner.run(operation);
          await run.catch((error: unknown) => errors.set(operation.tenant_id ?? "", error));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    }
    return errors;
  }
}

function depthOf({ path }: OperationRow): number {
  return path === null ? 0 : chainOf(path).length;
}
