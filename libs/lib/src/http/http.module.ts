import { Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { ApiKeysModule } from "../api-keys/api-keys.module";
import { RefusalsModule } from "../audit/refusals.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { ContextMount } from "./context-mount";
import { GlobalTenantGuard } from "./global-tenant.guard";
import { RequestContexts } from "./request-contexts";
import { RequestLimits } from "./request-limits";
import { Resolvers } from "./resolvers";
import { TenantChoice } from "./tenant-choice";
import { TenantGuard } from "./tenant.guard";

/** Requests in the context of their tenants: for Nest applications alone. */
@Module({
  imports: [TenancyModule, ApiKeysModule, RefusalsModule],
  providers: [
    ContextMount,
    RequestContexts,
    RequestLimits,
    Resolvers,
    TenantChoice,
    TenantGuard,
    { provide: APP_GUARD, useClass: GlobalTenantGuard },
  ],
  exports: [RequestLimits],
})
export class HttpModule {}
