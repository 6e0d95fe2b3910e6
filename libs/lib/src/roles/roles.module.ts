import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { PrincipalRoleService } from "./principal-role.service";
import { PrincipalRoleStore } from "./principal-role.store";
import { PrincipalScopesCache } from "./principal-scopes.cache";
import { PrincipalScopesService } from "./principal-scopes.service";
import { RoleReadService } from "./role-read.service";
import { RoleService } from "./role.service";
import { RoleStore } from "./role.store";

const SERVICES = [RoleService, RoleReadService, PrincipalRoleService, PrincipalScopesService];

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [...SERVICES, RoleStore, PrincipalRoleStore, PrincipalScopesCache],
  exports: [...SERVICES, RoleStore],
})
export class RolesModule {}
