import { Injectable } from "@nestjs/common";
import type { PurgeObstacle } from "@stratum-hq/core";
import { sqlStateOf } from "../persistence/database-errors";
import { MaintenanceRole } from "../persistence/maintenance-role";
import type { Transaction } from "../persistence/transaction";
import { ErasureTrialStore, quotedPath } from "./erasure-trial.store";
import { groupsInOrder, pathOf, type StoredTable } from "./stored-table";
import { TenantRowsStore } from "./tenant-rows.store";

const FOREIGN_KEY_VIOLATION = "23503";

/** How far a trial came. */
interface Trial {
  readonly obstacles: PurgeObstacle[];
  /** The table whose rows are being deleted. */
  at: StoredTable | undefined;
  /** Whether rows were left that others may refer to, so that a foreign key proves nothing. */
  isPartial: boolean;
}

/**
 * Tries, before a purge destroys anything, whether rows of tenants in shared tables can be deleted: a trigger, rule or
 * policy of the host's may keep them, and a foreign key may refuse. Some rows of each table are deleted, looked for,
 * and brought back.
 */
@Injectable()
export class ErasureTrial {
  constructor(
    private readonly store: ErasureTrialStore,
    private readonly rows: TenantRowsStore,
    private readonly maintenance: MaintenanceRole,
  ) {}

  /**
   * What stands in the way, as far as so many rows of each table show it.
   *
   * @throws MaintenanceRoleMissingError
   */
  async obstacles(
    tx: Transaction,
    tenantIds: readonly string[],
    limit: number,
  ): Promise<readonly PurgeObstacle[]> {
    const trial: Trial = {
      obstacles: await this.store.hidingPolicies(tx),
      at: undefined,
      isPartial: false,
    };
    const groups = groupsInOrder(await this.rows.sharedTables(tx)).toReversed();
    if (groups.length === 0) return trial.obstacles;
    const failure = await this.store.undone(tx, async () => {
      await this.maintenance.assume(tx);
      for (const group of groups) await this.tryGroup(tx, trial, group, tenantIds, limit);
      if (trial.isPartial) return;
      trial.at = undefined;
      await this.store.checkDeferred(tx);
      for (const table of groups.flat()) await this.requireGone(tx, trial, table, tenantIds);
    });
    if (failure !== undefined) await this.tellFailure(tx, trial, failure);
    return trial.obstacles;
  }

  private async tryGroup(
    tx: Transaction,
    trial: Trial,
    group: readonly StoredTable[],
    tenantIds: readonly string[],
    limit: number,
  ): Promise<void> {
    let wanted = 0;
    for (const table of group) wanted += await this.rows.countUpTo(tx, table, tenantIds, limit);
    trial.at = group[0];
    if (wanted >= limit) {
      trial.isPartial = true;
      if (!this.rows.isDividable(group)) return;
    }
    await this.rows.deleteGroup(tx, group, tenantIds, limit);
  }

  private async requireGone(
    tx: Transaction,
    trial: Trial,
    table: StoredTable,
    tenantIds: readonly string[],
  ): Promise<void> {
    if ((await this.rows.countUpTo(tx, table, tenantIds, 1)) === 0) return;
    const by = await this.store.meddling(tx, quotedPath(table));
    const problem = `its rows are there after they were deleted${by === "" ? "" : `: ${by}`}`;
    trial.obstacles.push({ object: `table ${pathOf(table)}`, problem });
  }

  private async tellFailure(tx: Transaction, trial: Trial, failure: unknown): Promise<void> {
    const state = sqlStateOf(failure);
    if (state === null || !isOfRows(state)) throw failure;
    if (state === FOREIGN_KEY_VIOLATION && trial.isPartial) return;
    const { at } = trial;
    const { constraint } = failure as { constraint?: string };
    const by = at === undefined ? "" : await this.store.meddling(tx, quotedPath(at));
    const named = [constraint === undefined ? "" : `constraint ${constraint}`, by].filter(Boolean);
    trial.obstacles.push({
      object: at === undefined ? "the end of the transaction" : `table ${pathOf(at)}`,
      problem: `deleting its rows fails with SQLSTATE ${state}${named.length === 0 ? "" : `: ${named.join(", ")}`}`,
    });
  }
}

/** Not of the connection, of locks, or of a lost race, which another attempt may win. */
function isOfRows(state: string): boolean {
  return !/^(08|40|53|55|57|58)/.test(state);
}
