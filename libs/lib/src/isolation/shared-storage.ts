import { Injectable } from "@nestjs/common";
import type { PurgeObstacle } from "@stratum-hq/core";
import type { Snapshot } from "../persistence/snapshot";
import type { Transaction } from "../persistence/transaction";
import type { ErasedStorage, StoredPart, TenantStorage } from "../tenancy/tenant-storage";
import { TenantStorages } from "../tenancy/tenant-storages";
import { ErasureTrial } from "./erasure-trial";
import { TenantRows } from "./tenant-rows";

/** Tables that all tenants share, each its own rows: nothing to make, rows to delete. */
@Injectable()
export class SharedStorage implements TenantStorage {
  readonly strategy = "SHARED_RLS";

  constructor(
    storages: TenantStorages,
    private readonly rows: TenantRows,
    private readonly trial: ErasureTrial,
  ) {
    storages.register(this);
  }

  provision(): Promise<boolean> {
    return Promise.resolve(false);
  }

  erase(tx: Transaction, tenantIds: readonly string[], limit: number): Promise<ErasedStorage> {
    return this.rows.erase(tx, tenantIds, limit);
  }

  obstacles(
    tx: Transaction,
    tenantIds: readonly string[],
    limit: number,
  ): Promise<readonly PurgeObstacle[]> {
    return this.trial.obstacles(tx, tenantIds, limit);
  }

  async remaining(tx: Transaction, tenantIds: readonly string[]): Promise<PurgeObstacle[]> {
    const problem = "it has rows of the tenant after all were deleted";
    const found = await this.rows.remaining(tx, tenantIds);
    return found.map((table) => ({ object: `table ${table}`, problem }));
  }

  parts(snapshot: Snapshot, tenantId: string): AsyncIterable<StoredPart> {
    return this.rows.parts(snapshot, tenantId);
  }
}
