import { Injectable } from "@nestjs/common";
import { MaintenanceRole } from "../persistence/maintenance-role";
import type { Snapshot } from "../persistence/snapshot";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import type { ErasedStorage, StoredPart } from "../tenancy/tenant-storage";
import { byPart, groupsInOrder, inOrder, partOf, pathOf, type StoredTable } from "./stored-table";
import { TenantRowsStore } from "./tenant-rows.store";

/**
 * Rows of tenants in the host application's tables, beyond the policies: as stratum_maintenance, since FORCE
 * holds for the tables' owner too. Tables are found by their policy, so that whichever process does it finds
 * those that others have declared.
 */
@Injectable()
export class TenantRows {
  constructor(
    private readonly store: TenantRowsStore,
    private readonly maintenance: MaintenanceRole,
  ) {}

  /**
   * A tenant's tables, those in its own schema and those that it shares, one part for each name.
   *
   * @param own the schema of the tenant's own, if it has one
   * @throws MaintenanceRoleMissingError
   */
  async *parts(snapshot: Snapshot, tenantId: string, own?: string): AsyncGenerator<StoredPart> {
    const owned = own === undefined ? [] : await this.store.tablesIn(snapshot, own);
    const tables = [...inOrder(owned), ...inOrder(await this.store.sharedTables(snapshot))];
    if (tables.length === 0) return;
    const before = await this.maintenance.assume(snapshot);
    for (const [part, sources] of byPart(tables, own)) {
      yield { part, batches: this.rowsOf(snapshot, sources, tenantId) };
    }
    await this.maintenance.leave(snapshot, before);
  }

  /** Deletes rows of tenants in the tables that they share, so many at most. @throws MaintenanceRoleMissingError */
  async erase(
    tx: Transaction,
    tenantIds: readonly string[],
    limit: number,
  ): Promise<ErasedStorage> {
    const deleted: Record<string, number> = {};
    const groups = groupsInOrder(await this.store.sharedTables(tx)).toReversed();
    if (groups.length === 0) return { deleted, complete: true };
    const before = await this.maintenance.assume(tx);
    let left = limit;
    for (const group of groups) {
      const gone = await this.store.deleteGroup(tx, group, tenantIds, left);
      for (const [n, table] of group.entries()) {
        deleted[partOf(table)] = gone[n] ?? 0;
        left -= gone[n] ?? 0;
      }
      if (left <= 0) break;
    }
    await this.maintenance.leave(tx, before);
    return { deleted, complete: left > 0 };
  }

  /** The tables that tenants share in which they still have rows. @throws MaintenanceRoleMissingError */
  async remaining(tx: Transaction, tenantIds: readonly string[]): Promise<string[]> {
    const tables = await this.store.sharedTables(tx);
    if (tables.length === 0) return [];
    const before = await this.maintenance.assume(tx);
    const found: string[] = [];
    for (const table of tables) {
      if ((await this.store.countUpTo(tx, table, tenantIds, 1)) > 0) found.push(pathOf(table));
    }
    await this.maintenance.leave(tx, before);
    return found;
  }

  /** How many rows the tables of a tenant's own schema have, by part. @throws MaintenanceRoleMissingError */
  async count(tx: Transaction, schema: string): Promise<Record<string, number>> {
    return this.counted(tx, await this.store.tablesIn(tx, schema), schema);
  }

  /** How many rows the tables of a tenant's own database have, by part. @throws MaintenanceRoleMissingError */
  async countAll(snapshot: Snapshot): Promise<Record<string, number>> {
    return this.counted(snapshot, await this.store.sharedTables(snapshot));
  }

  private async counted(
    sql: Sql,
    tables: readonly StoredTable[],
    own?: string,
  ): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    if (tables.length === 0) return counts;
    const before = await this.maintenance.assume(sql);
    for (const table of tables) counts[partOf(table, own)] = await this.store.count(sql, table);
    await this.maintenance.leave(sql, before);
    return counts;
  }

  private async *rowsOf(
    snapshot: Snapshot,
    sources: readonly StoredTable[],
    tenantId: string,
  ): AsyncGenerator<string[]> {
    for (const table of sources) yield* this.store.rows(snapshot, table, tenantId);
  }
}
