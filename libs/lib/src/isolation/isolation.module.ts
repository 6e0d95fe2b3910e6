import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ContextKeyStore } from "./context-key.store";
import { ContextKeys } from "./context-keys";
import { DatabaseTenantsStore } from "./database-tenants.store";
import { IsolationPlaces } from "./isolation-places";
import { IsolationProofService } from "./isolation-proof.service";
import { IsolationStart } from "./isolation-start";
import { SchemaStorage } from "./schema-storage";
import { SharedStorage } from "./shared-storage";
import { SharedTables } from "./shared-tables";
import { TenantPlacements } from "./tenant-placements";
import { TenantPoolService } from "./tenant-pool.service";
import { TenantRows } from "./tenant-rows";
import { TenantRowsStore } from "./tenant-rows.store";
import { TenantSchemaStore } from "./tenant-schema.store";
import { TenantTableRegistry } from "./tenant-table-registry";
import { TenantTablesStore } from "./tenant-tables.store";
import { TENANT_DATABASES } from "../tenant-databases/providers";
import { ProvisioningService } from "../tenant-databases/provisioning.service";
import { LongOperationsModule } from "../long-operations/long-operations.module";
import { RegionsModule } from "../regions/regions.module";

@Module({
  imports: [PersistenceModule, CryptoModule, TenancyModule, RegionsModule, LongOperationsModule],
  providers: [
    ContextKeys,
    ContextKeyStore,
    DatabaseTenantsStore,
    IsolationPlaces,
    IsolationProofService,
    IsolationStart,
    SchemaStorage,
    SharedStorage,
    SharedTables,
    TenantPlacements,
    TenantPoolService,
    TenantRows,
    TenantRowsStore,
    TenantSchemaStore,
    TenantTableRegistry,
    TenantTablesStore,
    ...TENANT_DATABASES,
  ],
  exports: [
    ProvisioningService,
    IsolationProofService,
    IsolationStart,
    TenantPlacements,
    TenantPoolService,
    TenantTableRegistry,
  ],
})
export class IsolationModule {}
