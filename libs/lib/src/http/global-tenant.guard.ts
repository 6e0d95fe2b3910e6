import { Inject, Injectable, type CanActivate, type ExecutionContext } from "@nestjs/common";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { requestState } from "./request-state";
import { unknownTenant } from "./tenant-choice";
import { TenantGuard } from "./tenant.guard";

/**
 * Before every handler: {@link TenantGuard}, where the options have `http` and do not turn it off, and always
 * that the route's parameter is the tenant that the request was given.
 */
@Injectable()
export class GlobalTenantGuard implements CanActivate {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly guard: TenantGuard,
  ) {}

  /** @throws TenantNotFoundError where they differ; and as {@link TenantGuard.canActivate} */
  canActivate(context: ExecutionContext): boolean {
    const state = requestState();
    const misread = state?.failure === null ? state.misread() : null;
    if (misread !== null) throw unknownTenant(misread);
    const { http } = this.options;
    return http === undefined || http.guard === false || this.guard.canActivate(context);
  }
}
