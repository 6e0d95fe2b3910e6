import { Controller, Get, Param } from "@nestjs/common";
import { CurrentTenant, Public } from "@stratum-hq/lib";

/** Handlers whose paths name a tenant: each tells its own parameter, and in whose context it runs. */
@Controller("tenants")
export class NamedTenantController {
  @Get(":id")
  named(@Param("id") named: string, @CurrentTenant("tenant_id") tenant: string) {
    return { named, tenant };
  }

  @Public()
  @Get(":id/public")
  open(@Param("id") named: string, @CurrentTenant("tenant_id") tenant: string | null) {
    return { named, tenant };
  }
}
