import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
} from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { TenantContextMissingError, UnauthorizedError, ValidationError } from "@stratum-hq/core";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { isAnonymous } from "../context/caller";
import { requireScopes } from "../context/authorization";
import { handlerOf, requiredScopesOf } from "../guards/scope.guard";
import { currentTenantContext } from "../context/tenant-context";
import { PUBLIC } from "./public.decorator";
import { actFor, requestState, type RequestState } from "./request-state";

const CREDENTIAL_NEEDED = "This needs a credential. Send an API key or a token.";

/**
 * Lets no handler run without a tenant, but those that are {@link Public}; in whatever kind of context Nest
 * runs guards.
 */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Optional() @Inject(RefusalRecorder) private readonly refusals?: RefusalRecorder,
  ) {}

  /**
   * @throws what the request's credential or its tenant was refused with, scopes that the handler asks for
   *   before the tenant; UnauthorizedError without a credential; ValidationError where the request names no
   *   tenant; TenantContextMissingError outside of HTTP
   */
  canActivate(context: ExecutionContext): boolean {
    if (currentTenantContext() !== null) return true;
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets) === true)
      return true;
    const state = requestState();
    if (state === null) throw new TenantContextMissingError();
    throw this.refusalOf(state, context);
  }

  private refusalOf(state: RequestState, context: ExecutionContext): unknown {
    const isNobody = isAnonymous(state.caller);
    try {
      if (!isNobody) {
        actFor(state.caller);
        requireScopes(state.caller, requiredScopesOf(this.reflector, context));
      }
    } catch (error) {
      this.refusals?.noteCall(handlerOf(context), error);
      return error;
    }
    if (state.failure !== null) return state.failure;
    if (!isNobody) {
      return new ValidationError("request", [{ path: "tenant", message: "it names no tenant" }]);
    }
    const error = new UnauthorizedError(CREDENTIAL_NEEDED);
    this.refusals?.noteCall(handlerOf(context), error);
    return error;
  }
}
