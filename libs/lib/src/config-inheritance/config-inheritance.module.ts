import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ConfigCache } from "./config.cache";
import { ConfigReadService } from "./config-read.service";
import { ConfigStore } from "./config.store";
import { ConfigWriteService } from "./config-write.service";

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [ConfigReadService, ConfigWriteService, ConfigStore, ConfigCache],
  exports: [ConfigReadService, ConfigWriteService],
})
export class ConfigInheritanceModule {}
