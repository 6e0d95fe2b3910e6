import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { RegionMigrationService } from "./region-migration.service";
import { RegionReadService } from "./region-read.service";
import { RegionService } from "./region.service";
import { RegionStore } from "./region.store";
import { RegionUrlStore } from "./region-url.store";
import { RegionUrls } from "./region-urls";

const SERVICES = [RegionService, RegionReadService, RegionMigrationService];

@Module({
  imports: [PersistenceModule, TenancyModule, CryptoModule],
  providers: [...SERVICES, RegionStore, RegionUrlStore, RegionUrls],
  exports: [...SERVICES, RegionUrls],
})
export class RegionsModule {}
