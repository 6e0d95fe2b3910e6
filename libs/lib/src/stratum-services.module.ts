import { Module } from "@nestjs/common";
import { AbacModule } from "./abac/abac.module";
import { AuditModule } from "./audit/audit.module";
import { ConfigInheritanceModule } from "./config-inheritance/config-inheritance.module";
import { ConfigurableModuleClass } from "./stratum.module-definition";
import { STRATUM_OPTIONS } from "./stratum-options";
import { PermissionsModule } from "./permissions/permissions.module";
import { TenancyModule } from "./tenancy/tenancy.module";
import { UsageModule } from "./usage/usage.module";

export const FEATURES = [
  TenancyModule,
  ConfigInheritanceModule,
  PermissionsModule,
  AbacModule,
  UsageModule,
  AuditModule,
];

/** The services alone, which `new Stratum` and {@link StratumModule} both stand on. */
@Module({ imports: FEATURES, exports: [...FEATURES, STRATUM_OPTIONS] })
export class StratumServicesModule extends ConfigurableModuleClass {}
