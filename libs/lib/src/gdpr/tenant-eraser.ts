import { Inject, Injectable } from "@nestjs/common";
import { PURGE_BATCH_ROWS, PurgeBlockedError, type PurgeObstacle } from "@stratum-hq/core";
import { AuditErasureStore } from "../audit/audit-erasure.store";
import { DataKeys } from "../crypto/data-keys";
import { CONTROL_TABLES, type ControlTable } from "../persistence/control-table";
import type { Transaction } from "../persistence/transaction";
import { TenantStorages } from "../tenancy/tenant-storages";
import { PurgeStore } from "./purge.store";

/** What a step took away. */
export interface Erased {
  /** Data keys that a rotation had added since all were destroyed. */
  readonly keyIds: readonly string[];
  /** Rows by table, and schemas; tables that lost none may be missing. */
  readonly deleted: Readonly<Record<string, number>>;
  /** Whether nothing is left of the tenants but their own rows. */
  readonly complete: boolean;
}

/** Takes the rows of tenants out of every table that holds any. */
@Injectable()
export class TenantEraser {
  /** What refers to other rows goes before them. */
  readonly #tables: readonly ControlTable[];

  constructor(
    private readonly store: PurgeStore,
    private readonly audit: AuditErasureStore,
    private readonly keys: DataKeys,
    private readonly storages: TenantStorages,
    @Inject(CONTROL_TABLES) tables: readonly ControlTable[],
  ) {
    this.#tables = tables.filter(({ erasure }) => erasure !== "last").toReversed();
  }

  /**
   * Refuses where this login could not take audit rows away, before anything is destroyed.
   *
   * @throws MaintenanceRoleMissingError
   */
  async requirePrivilege(tx: Transaction, tenantId: string): Promise<void> {
    const before = new Date(0).toISOString();
    await this.audit.erase(tx, { tenant_ids: [tenantId], before, limit: 1 });
  }

  /**
   * Refuses where something of the host's would keep rows, before anything is destroyed.
   *
   * @throws PurgeBlockedError
   */
  async requireErasable(tx: Transaction, tenantIds: readonly string[]): Promise<void> {
    const obstacles: PurgeObstacle[] = [];
    for (const storage of this.storages.all()) {
      obstacles.push(...((await storage.obstacles?.(tx, tenantIds, PURGE_BATCH_ROWS)) ?? []));
    }
    if (obstacles.length > 0) throw new PurgeBlockedError(obstacles);
  }

  /** Looks for rows of tenants from which all were taken away. @throws PurgeBlockedError */
  async requireErased(tx: Transaction, tenantIds: readonly string[]): Promise<void> {
    for (const storage of this.storages.all()) {
      const left = (await storage.remaining?.(tx, tenantIds)) ?? [];
      if (left.length > 0) throw new PurgeBlockedError(left);
    }
  }

  /** Destroys data keys of the tenants that a purge has marked, so many at most; their ids. */
  async destroyKeys(tx: Transaction, purgeId: string, limit: number): Promise<string[]> {
    const ids = await this.store.destroyKeys(tx, purgeId, limit);
    this.keys.forget(ids);
    return ids;
  }

  /** Deletes rows of tenants to which nobody adds any, so many at most. */
  async erase(tx: Transaction, tenantIds: readonly string[], limit: number): Promise<Erased> {
    const keyIds = await this.store.destroyKeysOf(tx, tenantIds);
    this.keys.forget(keyIds);
    const deleted: Record<string, number> = { tenant_keys: keyIds.length };
    let left = limit;
    for (const storage of this.storages.all()) {
      const erased = await storage.erase(tx, tenantIds, left);
      for (const [name, gone] of Object.entries(erased.deleted)) {
        deleted[name] = (deleted[name] ?? 0) + gone;
        left -= gone;
      }
      if (!erased.complete || left <= 0) return { keyIds, deleted, complete: false };
    }
    for (const table of this.#tables) {
      const gone =
        table.erasure === "audit"
          ? await this.eraseAudit(tx, tenantIds, left)
          : await this.store.deleteRows(tx, table, tenantIds, left);
      deleted[table.table] = (deleted[table.table] ?? 0) + gone;
      left -= gone;
      if (left === 0) return { keyIds, deleted, complete: false };
    }
    return { keyIds, deleted, complete: true };
  }

  private async eraseAudit(
    tx: Transaction,
    tenant_ids: readonly string[],
    limit: number,
  ): Promise<number> {
    const erased = await this.audit.erase(tx, { tenant_ids, before: null, limit });
    return erased.reduce((sum, { deleted }) => sum + deleted, 0);
  }
}
