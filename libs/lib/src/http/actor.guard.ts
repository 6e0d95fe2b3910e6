import { Injectable, type CanActivate, type ExecutionContext } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { UnauthorizedError } from "@stratum-hq/core";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { isAnonymous } from "../context/caller";
import { handlerOf } from "../guards/scope.guard";
import { PUBLIC } from "./public.decorator";
import { requestState, type RequestState } from "./request-state";

const CREDENTIAL_NEEDED = "This needs a credential. Send an API key or a token.";

/**
 * Lets no handler run for nobody, except those that are {@link Public}. It does not ask for a tenant, as
 * {@link TenantGuard} does: for applications whose paths name the tenants that their callers work on.
 */
@Injectable()
export class ActorGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly refusals: RefusalRecorder,
  ) {}

  /** @throws what the request's credential was refused with; UnauthorizedError without a credential */
  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, targets) === true)
      return true;
    const state = requestState();
    if (state !== null && state.failure === null && !isAnonymous(state.caller)) return true;
    throw this.refusalOf(state, context);
  }

  private refusalOf(state: RequestState | null, context: ExecutionContext): unknown {
    // What came of a credential was recorded where it was looked at.
    if (state !== null && state.failure !== null) return state.failure;
    const error = new UnauthorizedError(CREDENTIAL_NEEDED);
    this.refusals.noteCall(handlerOf(context), error);
    return error;
  }
}
