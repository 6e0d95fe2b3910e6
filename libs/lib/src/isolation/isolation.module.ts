import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ContextKeyStore } from "./context-key.store";
import { TenantPoolService } from "./tenant-pool.service";

@Module({
  imports: [PersistenceModule, CryptoModule, TenancyModule],
  providers: [ContextKeyStore, TenantPoolService],
  exports: [TenantPoolService],
})
export class IsolationModule {}
