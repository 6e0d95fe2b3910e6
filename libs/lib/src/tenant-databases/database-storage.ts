import { Injectable } from "@nestjs/common";
import { PURGE_BATCH_DATABASES } from "@stratum-hq/core";
import { TenantRows } from "../isolation/tenant-rows";
import type { Snapshot } from "../persistence/snapshot";
import type { Transaction } from "../persistence/transaction";
import type { TenantRow } from "../tenancy/tenant-row";
import {
  addCounts,
  type ErasedStorage,
  type PlacedTenant,
  type StoredPart,
  type TenantStorage,
} from "../tenancy/tenant-storage";
import { TenantStorages } from "../tenancy/tenant-storages";
import { DatabaseMaker } from "./database-maker";
import { ProvisioningStore } from "./provisioning.store";
import { TenantDatabases, type DatabaseTenant } from "./tenant-databases";

/** A database of each tenant's own: made by an operation after the tenant, dropped before it goes. */
@Injectable()
export class DatabaseStorage implements TenantStorage {
  readonly strategy = "DB_PER_TENANT";

  constructor(
    storages: TenantStorages,
    private readonly tenants: ProvisioningStore,
    private readonly databases: TenantDatabases,
    private readonly maker: DatabaseMaker,
    private readonly rows: TenantRows,
  ) {
    storages.register(this);
  }

  /** No transaction can make a database, {@link TenantProvisioning} does: whether active tenants lack anything. */
  async provision(tx: Transaction, tenants: readonly TenantRow[]): Promise<boolean> {
    for (const tenant of tenants) {
      if (tenant.status === "active" && (await this.maker.isLacking(tx, tenant))) return true;
    }
    return false;
  }

  async erase(tx: Transaction, tenantIds: readonly string[]): Promise<ErasedStorage> {
    const deleted: Record<string, number> = {};
    const tenants = await this.tenants.withDatabases(tx, tenantIds);
    const there = await this.maker.existing(tx, tenants);
    for (const tenant of there.slice(0, PURGE_BATCH_DATABASES)) {
      addCounts(deleted, { ...(await this.count(tx, tenant)), databases: 1 });
      await this.maker.drop(tx, tenant);
    }
    return { deleted, complete: there.length <= PURGE_BATCH_DATABASES };
  }

  /** Of one whose tables are not made yet, nothing: they are made with the copies. */
  async refreshReferences(tx: Transaction, tenant: PlacedTenant): Promise<number> {
    if (tenant.status === "provisioning" && (await this.maker.isLacking(tx, tenant))) return 0;
    return this.maker.refreshReferences(tx, tenant);
  }

  /** As of the moment at which the database is first read, which is not the snapshot's. */
  async *parts(snapshot: Snapshot, tenantId: string): AsyncGenerator<StoredPart> {
    const [tenant] = await this.tenants.withDatabases(snapshot, [tenantId]);
    if (tenant === undefined) return;
    const there = await this.databases.openSnapshot(snapshot, tenant);
    try {
      yield* this.rows.parts(there, tenantId);
    } finally {
      await there.close();
    }
  }

  private async count(tx: Transaction, tenant: DatabaseTenant): Promise<Record<string, number>> {
    const there = await this.databases.openSnapshot(tx, tenant);
    try {
      return await this.rows.countAll(there);
    } finally {
      await there.close();
    }
  }
}
