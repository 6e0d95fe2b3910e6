import { Inject, Injectable, type CanActivate, type ExecutionContext } from "@nestjs/common";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { TenantGuard } from "./tenant.guard";

/** {@link TenantGuard} before every handler, where the options have `http` and do not turn it off. */
@Injectable()
export class GlobalTenantGuard implements CanActivate {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly guard: TenantGuard,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { http } = this.options;
    return http === undefined || http.guard === false || this.guard.canActivate(context);
  }
}
