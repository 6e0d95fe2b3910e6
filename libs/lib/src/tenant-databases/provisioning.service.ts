import { Injectable } from "@nestjs/common";
import {
  OperationInProgressError,
  tenantIdSchema,
  validate,
  type AuditContext,
  type Tenant,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import type { Transaction } from "../persistence/transaction";
import { inactivityOf } from "../tenancy/access";
import { tenantFor } from "../tenancy/disclosure";
import { TenantGate } from "../tenancy/tenant-gate";
import { toTenant, type TenantRow } from "../tenancy/tenant-row";
import { TenantStorages } from "../tenancy/tenant-storages";
import { ProvisioningStore } from "./provisioning.store";

/** Makes tenants' storage that is lacking. */
@Injectable()
export class ProvisioningService {
  constructor(
    private readonly database: Database,
    private readonly gate: TenantGate,
    private readonly storages: TenantStorages,
    private readonly store: ProvisioningStore,
    private readonly log: MutationLog,
  ) {}

  /**
   * Makes what a tenant lacks of its storage: of one that is `provisioning` still, which is active then; and of
   * an active one that has lost it, empty. Resolves when it is made; where nothing is lacking, nothing changes.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   InvalidTenantStateError for one that is being purged, OperationInProgressError while it is being made;
   *   StorageUnavailableError, StoragePrivilegeMissingError, MigrationPrivilegeMissingError,
   *   TenantTableInvalidError, ConnectionBudgetExhaustedError
   */
  async provisionTenant(id: string, audit?: AuditContext): Promise<Tenant> {
    const caller = currentCaller(audit);
    const tenantId = validate(tenantIdSchema, id, "id");
    await this.database.transaction(async (tx) => this.begin(tx, tenantId, caller));
    const errors = await this.storages.finish([tenantId]);
    for (const error of errors.values()) throw error;
    const row = await this.database.transaction(async (tx) => this.gate.hold(tx, tenantId, caller));
    return tenantFor(caller, row as TenantRow);
  }

  private async begin(tx: Transaction, tenantId: string, caller: Caller): Promise<void> {
    const row = (await this.gate.hold(tx, tenantId, caller)) as TenantRow;
    if (row.status !== "provisioning") {
      const error = inactivityOf(row, "provision");
      if (error !== null) throw error;
    }
    await this.requireIdle(tx, tenantId);
    // Of several calls at once, one begins; a step that is under way holds the row for long.
    await this.store.lock(tx, tenantId);
    await this.requireIdle(tx, tenantId);
    if (!(await this.storages.repair(tx, row, caller))) return;
    const change = {
      action: "tenant.provisioning",
      resource_type: "tenant",
      resource_id: tenantId,
      tenant_id: tenantId,
      before: toTenant(row),
      after: toTenant(row),
    };
    await this.log.record(tx, caller, [change], []);
  }

  private async requireIdle(tx: Transaction, tenantId: string): Promise<void> {
    const [running] = await this.store.running([tenantId], tx);
    if (running === undefined) return;
    throw new OperationInProgressError(running.id, "provision", tenantId);
  }
}
