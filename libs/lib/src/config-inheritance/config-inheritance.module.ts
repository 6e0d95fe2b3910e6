import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ConfigCache } from "./config.cache";
import { ConfigEncryption } from "./config-encryption";
import { ConfigReadService } from "./config-read.service";
import { ConfigStore } from "./config.store";
import { ConfigWriteService } from "./config-write.service";

@Module({
  imports: [PersistenceModule, CryptoModule, TenancyModule],
  providers: [ConfigReadService, ConfigWriteService, ConfigStore, ConfigCache, ConfigEncryption],
  exports: [ConfigReadService, ConfigWriteService],
})
export class ConfigInheritanceModule {}
