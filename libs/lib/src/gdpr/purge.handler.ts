import { Injectable } from "@nestjs/common";
import { PURGE_BATCH_ROWS, PURGE_BATCH_TENANTS } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import type { OperationHandler, OperationStep, StepOutcome } from "../operations/operation-handler";
import { OperationRunner } from "../operations/operation-runner";
import { MutationLog } from "../persistence/mutation-log";
import type { Transaction } from "../persistence/transaction";
import { PurgeCertificateStore, type CertificateRow } from "./purge-certificate.store";
import { PurgeStore } from "./purge.store";
import { TenantEraser } from "./tenant-eraser";

/**
 * Takes away what a purge has marked: all data keys first, so that nothing encrypted can be read from then
 * on; then, from the lowest tenants up, their rows, and they themselves once they have none.
 */
@Injectable()
export class PurgeHandler implements OperationHandler {
  readonly type = "purge";

  constructor(
    runner: OperationRunner,
    private readonly store: PurgeStore,
    private readonly certificates: PurgeCertificateStore,
    private readonly eraser: TenantEraser,
    private readonly log: MutationLog,
  ) {
    runner.register(this);
  }

  async step({ tx, operation, caller }: OperationStep): Promise<StepOutcome> {
    const { id, progress, checkpoint } = operation;
    if (checkpoint.keys !== "destroyed") {
      const ids = await this.eraser.destroyKeys(tx, id, PURGE_BATCH_ROWS);
      const total = await this.certificates.add(tx, id, { tenant_keys: ids.length }, ids);
      const done = ids.length < PURGE_BATCH_ROWS;
      return { progress: { ...progress, total }, checkpoint: done ? { keys: "destroyed" } : {} };
    }
    const ids = await this.store.lowest(tx, id, PURGE_BATCH_TENANTS);
    const { keyIds, deleted, complete } = await this.eraser.erase(tx, ids, PURGE_BATCH_ROWS);
    if (complete) await this.eraser.requireErased(tx, ids);
    const gone = complete ? { ...deleted, tenants: ids.length } : deleted;
    await this.certificates.add(tx, id, gone, keyIds);
    if (!complete) return { progress };
    const next = { ...progress, done: progress.done + ids.length };
    if (await this.store.deleteTenants(tx, id, ids)) return { progress: next };
    await this.complete(tx, caller, id);
    return { progress: next, result: { certificate_id: id } };
  }

  /**
   * Puts on record that it is done: with the tenant's id in the platform's log, without it in the parent's,
   * which keeps nothing of a tenant that was erased.
   */
  private async complete(tx: Transaction, caller: Caller, id: string): Promise<void> {
    await this.certificates.complete(tx, id);
    const certificate = (await this.certificates.find(id, tx)) as CertificateRow;
    const { tenant_id, parent_id, subtree, tenants, deleted, key_ids } = certificate;
    const after = { certificate_id: id, subtree, tenants };
    const change = { action: "tenant.purged", before: null };
    const platforms = {
      ...change,
      ...{ resource_type: "tenant", resource_id: tenant_id, tenant_id: null },
      after: { ...after, deleted: { ...deleted }, keys: key_ids.length },
    };
    const parents = {
      ...change,
      ...{ resource_type: "purge_certificate", resource_id: id, tenant_id: parent_id },
      after,
    };
    const changes = parent_id === null ? [platforms] : [platforms, parents];
    const event = { type: "tenant.purged", tenant_id, data: { ...after, parent_id } };
    await this.log.record(tx, caller, changes, [event]);
  }
}
