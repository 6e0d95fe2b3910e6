import { Injectable } from "@nestjs/common";
import {
  BATCH_CREATE_MAX_TABLES,
  PURGE_BATCH_TABLES,
  PurgeBlockedError,
  ValidationError,
  type PurgeObstacle,
} from "@stratum-hq/core";
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
import { ReferenceTablesStore } from "./reference-tables.store";
import { schemaOf } from "./storage-names";
import { TenantRows } from "./tenant-rows";
import { TenantSchemaStore } from "./tenant-schema.store";
import { TenantTableRegistry } from "./tenant-table-registry";

/** A schema of each tenant's own, in the database of all: created and dropped by its transactions. */
@Injectable()
export class SchemaStorage implements TenantStorage {
  readonly strategy = "SCHEMA_PER_TENANT";

  constructor(
    storages: TenantStorages,
    private readonly registry: TenantTableRegistry,
    private readonly store: TenantSchemaStore,
    private readonly rows: TenantRows,
    private readonly references: ReferenceTablesStore,
  ) {
    storages.register(this);
  }

  /** @throws StoragePrivilegeMissingError, ValidationError for more tables than one call may create */
  async provision(tx: Transaction, tenants: readonly TenantRow[]): Promise<boolean> {
    const tables = this.registry.tables();
    const most = Math.floor(BATCH_CREATE_MAX_TABLES / Math.max(1, tables.names.length));
    if (tenants.length > Math.max(1, most)) {
      const message = `${most} tenants at most that have schemas of their own, with ${tables.names.length} tables each`;
      throw new ValidationError("inputs", [{ path: "", message }]);
    }
    await this.references.announceCreation(tx);
    let isChanged = false;
    for (const { id } of tenants) {
      isChanged = (await this.store.make(tx, { id, schema: schemaOf(id) }, tables)) || isChanged;
    }
    return isChanged;
  }

  async erase(tx: Transaction, tenantIds: readonly string[]): Promise<ErasedStorage> {
    const deleted: Record<string, number> = {};
    const found = await this.store.existing(tx, tenantIds.map(schemaOf));
    let tables = 0;
    for (const [index, schema] of found.entries()) {
      tables += schema.tables;
      if (index > 0 && tables > PURGE_BATCH_TABLES) return { deleted, complete: false };
      addCounts(deleted, { ...(await this.rows.count(tx, schema.name)), schemas: 1 });
      const outsiders = await this.store.outsiders(tx, schema.name);
      if (outsiders.length > 0) throw new PurgeBlockedError(outsiders);
      await this.store.drop(tx, schema.name);
    }
    return { deleted, complete: true };
  }

  async obstacles(tx: Transaction, tenantIds: readonly string[]): Promise<PurgeObstacle[]> {
    const found = await this.store.existing(tx, tenantIds.map(schemaOf));
    const obstacles: PurgeObstacle[] = [];
    for (const { name } of found) obstacles.push(...(await this.store.outsiders(tx, name)));
    return obstacles;
  }

  async refreshReferences(tx: Transaction, { id }: PlacedTenant): Promise<number> {
    return this.references.copy(tx, schemaOf(id), this.registry.tables());
  }

  parts(snapshot: Snapshot, tenantId: string): AsyncIterable<StoredPart> {
    return this.rows.parts(snapshot, tenantId, schemaOf(tenantId));
  }
}
