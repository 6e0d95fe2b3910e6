import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { PermissionAuthority } from "./permission-authority";
import { PermissionBanService } from "./permission-ban.service";
import { PermissionBanStore } from "./permission-ban.store";
import { PermissionReadService } from "./permission-read.service";
import { PermissionWriteService } from "./permission-write.service";
import { PermissionCache } from "./permission.cache";
import { PermissionStore } from "./permission.store";

const SERVICES = [PermissionReadService, PermissionWriteService, PermissionBanService];

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [
    ...SERVICES,
    PermissionAuthority,
    PermissionCache,
    PermissionStore,
    PermissionBanStore,
  ],
  exports: SERVICES,
})
export class PermissionsModule {}
