import { Module } from "@nestjs/common";
import { ConfigInheritanceModule } from "../config-inheritance/config-inheritance.module";
import { PermissionsModule } from "../permissions/permissions.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { TenantContextService } from "./tenant-context.service";

@Module({
  imports: [TenancyModule, ConfigInheritanceModule, PermissionsModule],
  providers: [TenantContextService],
  exports: [TenantContextService],
})
export class TenantContextModule {}
