import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ContextKeyStore } from "./context-key.store";
import { ContextKeys } from "./context-keys";
import { SharedTables } from "./shared-tables";
import { SharedTablesStore } from "./shared-tables.store";
import { TenantPlacements } from "./tenant-placements";
import { TenantPoolService } from "./tenant-pool.service";
import { TenantTableRegistry } from "./tenant-table-registry";

@Module({
  imports: [PersistenceModule, CryptoModule, TenancyModule],
  providers: [
    ContextKeys,
    ContextKeyStore,
    SharedTables,
    SharedTablesStore,
    TenantPlacements,
    TenantPoolService,
    TenantTableRegistry,
  ],
  exports: [TenantPlacements, TenantPoolService, TenantTableRegistry],
})
export class IsolationModule {}
