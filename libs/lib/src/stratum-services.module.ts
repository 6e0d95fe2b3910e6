import { Module } from "@nestjs/common";
import { AbacModule } from "./abac/abac.module";
import { AuditModule } from "./audit/audit.module";
import { ConsentModule } from "./consent/consent.module";
import { RefusalsModule } from "./audit/refusals.module";
import { ContextModule } from "./context/context.module";
import { ConfigInheritanceModule } from "./config-inheritance/config-inheritance.module";
import { ConfigurableModuleClass } from "./stratum.module-definition";
import { STRATUM_OPTIONS } from "./stratum-options";
import { ExportModule } from "./gdpr/export.module";
import { ApiKeysModule } from "./api-keys/api-keys.module";
import { ContextKeyRotationModule } from "./context-key-rotation/context-key-rotation.module";
import { IsolationModule } from "./isolation/isolation.module";
import { OperationsModule } from "./operations/operations.module";
import { PurgeModule } from "./gdpr/purge.module";
import { KeyRotationModule } from "./key-rotation/key-rotation.module";
import { PermissionsModule } from "./permissions/permissions.module";
import { RegionsModule } from "./regions/regions.module";
import { RetentionModule } from "./retention/retention.module";
import { RolesModule } from "./roles/roles.module";
import { TenancyModule } from "./tenancy/tenancy.module";
import { UsageModule } from "./usage/usage.module";

export const FEATURES = [
  TenancyModule,
  ConfigInheritanceModule,
  ContextModule,
  PermissionsModule,
  AbacModule,
  RolesModule,
  ApiKeysModule,
  UsageModule,
  ConsentModule,
  ExportModule,
  RegionsModule,
  AuditModule,
  RefusalsModule,
  RetentionModule,
  OperationsModule,
  PurgeModule,
  KeyRotationModule,
  IsolationModule,
  ContextKeyRotationModule,
];

/** The services alone, which `new Stratum` and {@link StratumModule} both stand on. */
@Module({ imports: FEATURES, exports: [...FEATURES, STRATUM_OPTIONS] })
export class StratumServicesModule extends ConfigurableModuleClass {}
