import { Module } from "@nestjs/common";
import { ContextKeysModule } from "../context-keys/context-keys.module";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ReferenceTablesService } from "./reference-tables.service";
import { ReferenceTablesStore } from "./reference-tables.store";
import { CurrentTenantScope } from "./current-tenant-scope";
import { DatabaseTenantsStore } from "./database-tenants.store";
import { ErasureTrial } from "./erasure-trial";
import { ErasureTrialStore } from "./erasure-trial.store";
import { IsolationPlaces } from "./isolation-places";
import { IsolationProofService } from "./isolation-proof.service";
import { IsolationStart } from "./isolation-start";
import { SchemaStorage } from "./schema-storage";
import { SharedStorage } from "./shared-storage";
import { SharedTables } from "./shared-tables";
import { TenantRouter } from "./tenant-router";
import { TenantPoolService } from "./tenant-pool.service";
import { TenantRows } from "./tenant-rows";
import { TenantRowsStore } from "./tenant-rows.store";
import { TenantSchemaStore } from "./tenant-schema.store";
import { TenantStanding } from "./tenant-standing";
import { TenantTableRegistry } from "./tenant-table-registry";
import { TenantTablesStore } from "./tenant-tables.store";
import { TenantWalkService } from "./tenant-walk.service";
import { DatabaseKeys } from "../tenant-databases/database-keys";
import { ProvisioningStore } from "../tenant-databases/provisioning.store";
import { TENANT_DATABASES } from "../tenant-databases/providers";
import { ProvisioningService } from "../tenant-databases/provisioning.service";
import { OperationsModule } from "../operations/operations.module";
import { RegionsModule } from "../regions/regions.module";

@Module({
  imports: [
    PersistenceModule,
    CryptoModule,
    ContextKeysModule,
    TenancyModule,
    RegionsModule,
    OperationsModule,
  ],
  providers: [
    ReferenceTablesService,
    ReferenceTablesStore,
    CurrentTenantScope,
    DatabaseTenantsStore,
    ErasureTrial,
    ErasureTrialStore,
    IsolationPlaces,
    IsolationProofService,
    IsolationStart,
    SchemaStorage,
    SharedStorage,
    SharedTables,
    TenantRouter,
    TenantPoolService,
    TenantRows,
    TenantRowsStore,
    TenantSchemaStore,
    TenantStanding,
    TenantTableRegistry,
    TenantTablesStore,
    TenantWalkService,
    ...TENANT_DATABASES,
  ],
  exports: [
    DatabaseKeys,
    DatabaseTenantsStore,
    ProvisioningStore,
    ProvisioningService,
    ReferenceTablesService,
    TenantRouter,
    TenantPoolService,
    TenantTableRegistry,
    TenantWalkService,
    IsolationProofService,
    IsolationStart,
  ],
})
export class IsolationModule {}
