import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { AbacAuthority } from "./abac-authority";
import { AbacReadService } from "./abac-read.service";
import { AbacWriteService } from "./abac-write.service";
import { AbacCache } from "./abac.cache";
import { AbacStore } from "./abac.store";

const SERVICES = [AbacReadService, AbacWriteService];

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [...SERVICES, AbacAuthority, AbacCache, AbacStore],
  exports: SERVICES,
})
export class AbacModule {}
