import { Injectable } from "@nestjs/common";
import { TenantNotFoundError } from "@stratum-hq/core";
import { OperationAttendant } from "../operations/operation-attendant";
import type { OperationRow } from "../operations/operation-row";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import type { Snapshot } from "../persistence/snapshot";
import type { Transaction } from "../persistence/transaction";
import { requireVisible } from "../tenancy/access";
import { TenantStore } from "../tenancy/tenant.store";
import { requireExportable, requireReveal, type ExportTarget } from "./export-access";
import { ExportRows } from "./export-rows";
import { exportRecord } from "./export-records";
import { ExportRun } from "./export-run";

/** Begins exports: decides whether there may be one, puts it on record, and opens its snapshot. */
@Injectable()
export class ExportStarter {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantStore,
    private readonly attendant: OperationAttendant,
    private readonly log: MutationLog,
    private readonly rows: ExportRows,
  ) {}

  /**
   * @throws TenantNotFoundError, ForbiddenError for secrets without `config:reveal`,
   *   InvalidTenantStateError for a tenant that is being purged, TenantSuspendedError or
   *   TenantArchivedError for a caller whose own tenant is shut
   */
  async start(target: ExportTarget): Promise<ExportRun> {
    requireReveal(target);
    const operation = await this.database.transaction(async (tx) => this.begin(tx, target));
    const attended = this.attendant.attend(operation);
    let snapshot: Snapshot | undefined;
    try {
      snapshot = await this.database.openSnapshot();
      const exportedAt = await snapshot.time();
      await attended.hold(snapshot);
      const { tenant_id } = target;
      if ((await this.tenants.findById(tenant_id, snapshot)) === undefined)
        throw new TenantNotFoundError({ tenant_id });
      const { database, log, rows } = this;
      return new ExportRun({ database, log, rows }, snapshot, attended, target, exportedAt);
    } catch (error) {
      await snapshot?.close();
      await attended.fail(error);
      throw error;
    }
  }

  /** Puts on record that it begins: what has been read may have gone out, however it ends. */
  private async begin(tx: Transaction, target: ExportTarget): Promise<OperationRow> {
    const { tenant_id, caller } = target;
    const lookup = { tenant_id };
    const tenant = requireVisible(await this.tenants.findById(tenant_id, tx), caller, lookup);
    const { bound_to } = caller;
    const own = bound_to === null ? undefined : await this.tenants.findById(bound_to, tx);
    requireExportable(tenant, own);
    const operation = await this.attendant.start(tx, caller, { type: "export", tenant_id });
    const change = exportRecord("tenant.export_started", operation.id, target);
    await this.log.record(tx, caller, [change], []);
    return operation;
  }
}
