import { Injectable } from "@nestjs/common";
import type { Caller } from "../context/caller";
import type { OperationRow } from "../operations/operation-row";
import { OperationRunner } from "../operations/operation-runner";
import { MutationLog } from "../persistence/mutation-log";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "../tenancy/tenant-row";
import { PurgeCertificateStore } from "./purge-certificate.store";
import { PurgeStore } from "./purge.store";
import { TenantEraser } from "./tenant-eraser";

/** Begins a purge: what has to be short, since it holds the tree's lock. */
@Injectable()
export class PurgeMarker {
  constructor(
    private readonly runner: OperationRunner,
    private readonly store: PurgeStore,
    private readonly certificates: PurgeCertificateStore,
    private readonly eraser: TenantEraser,
    private readonly log: MutationLog,
  ) {}

  /**
   * Shuts the tenants for good, and writes the operation that takes them away. It stands at the parent: the
   * tenant's own records go with it. It cannot be cancelled, since what is gone does not come back.
   *
   * @throws MaintenanceRoleMissingError
   */
  async begin(
    tx: Transaction,
    tenant: TenantRow,
    subtree: boolean,
    caller: Caller,
  ): Promise<OperationRow> {
    const { id: tenant_id, parent_id } = tenant;
    await this.eraser.requirePrivilege(tx, tenant_id);
    const operation = await this.runner.start(tx, caller, {
      ...{ type: "purge", tenant_id: parent_id, cancellable: false },
    });
    const { id } = operation;
    const tenants = await this.store.mark(tx, tenant, id);
    await this.certificates.insert(tx, caller, { id, tenant_id, parent_id, subtree, tenants });
    const after = { certificate_id: id, subtree, tenants };
    const change = {
      ...{ action: "tenant.purging", resource_type: "tenant", resource_id: tenant_id },
      ...{ tenant_id: null, before: { status: tenant.status }, after },
    };
    // Of no interest to subscribers: it makes caches forget, so that keys are refused at once.
    const event = { type: "tenant.purging", tenant_id, data: { certificate_id: id } };
    await this.log.record(tx, caller, [change], [event]);
    return operation;
  }
}
