import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { UsageService } from "./usage.service";
import { UsageStore } from "./usage.store";

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [UsageService, UsageStore],
  exports: [UsageService],
})
export class UsageModule {}
