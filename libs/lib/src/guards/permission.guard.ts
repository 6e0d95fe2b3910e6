import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
} from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { ForbiddenError } from "@stratum-hq/core";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { handlerOf } from "./scope.guard";
import { runUnscoped } from "../context/caller";
import { currentTenantId } from "../context/tenant-context";
import { Stratum } from "../stratum";

/** The metadata that {@link RequirePermission} leaves at handlers and controllers. */
export const RequiredPermissions = Reflector.createDecorator<string[]>();

/**
 * Enforces {@link RequirePermission}, in whatever kind of context Nest runs guards: what is asked comes
 * from metadata, for which tenant from the context of `runInTenant`.
 */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly stratum: Stratum,
    @Optional() @Inject(RefusalRecorder) private readonly refusals?: RefusalRecorder,
  ) {}

  /** @throws TenantContextMissingError, ForbiddenError, TenantNotFoundError */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const required = this.reflector.getAllAndMerge(RequiredPermissions, targets);
    const tenantId = currentTenantId();
    for (const key of required) {
      const check = () => this.stratum.checkPermission(tenantId, key);
      if (!(await runUnscoped(check))) {
        const error = new ForbiddenError(
          `Tenant ${tenantId} does not have permission "${key}". Call explainPermission to see why.`,
          { tenant_id: tenantId, permission: key },
        );
        this.refusals?.noteCall(handlerOf(context), error);
        throw error;
      }
    }
    return true;
  }
}
