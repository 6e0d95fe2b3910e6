import { Injectable } from "@nestjs/common";
import type { Snapshot } from "../persistence/snapshot";
import type { Transaction } from "../persistence/transaction";
import type { ErasedStorage, StoredPart, TenantStorage } from "../tenancy/tenant-storage";
import { TenantStorages } from "../tenancy/tenant-storages";
import { TenantRows } from "./tenant-rows";

/** Tables that all tenants share, each its own rows: nothing to make, rows to delete. */
@Injectable()
export class SharedStorage implements TenantStorage {
  readonly strategy = "SHARED_RLS";

  constructor(
    storages: TenantStorages,
    private readonly rows: TenantRows,
  ) {
    storages.register(this);
  }

  provision(): Promise<boolean> {
    return Promise.resolve(false);
  }

  erase(tx: Transaction, tenantIds: readonly string[], limit: number): Promise<ErasedStorage> {
    return this.rows.erase(tx, tenantIds, limit);
  }

  parts(snapshot: Snapshot, tenantId: string): AsyncIterable<StoredPart> {
    return this.rows.parts(snapshot, tenantId);
  }
}
