import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ConsentExpiryWorker } from "./consent-expiry-worker";
import { ConsentReadService } from "./consent-read.service";
import { ConsentService } from "./consent.service";
import { ConsentStore } from "./consent.store";

const SERVICES = [ConsentService, ConsentReadService];

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [...SERVICES, ConsentExpiryWorker, ConsentStore],
  exports: SERVICES,
})
export class ConsentModule {}
