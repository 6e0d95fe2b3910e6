import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
} from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { UnauthorizedError } from "@stratum-hq/core";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { callerInContext, isAnonymous } from "../context/caller";
import { requireScopes } from "../context/authorization";

/** The name under which refusals at a handler are recorded. */
export function handlerOf(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}

/** The metadata that {@link RequireScope} leaves at handlers and controllers. */
export const RequiredScopes = Reflector.createDecorator<string[]>();

/** The scopes that a handler and its controller ask for. */
export function requiredScopesOf(reflector: Reflector, context: ExecutionContext): string[] {
  return reflector.getAllAndMerge(RequiredScopes, [context.getHandler(), context.getClass()]);
}

/**
 * Enforces {@link RequireScope}, in whatever kind of context Nest runs guards: what is asked comes from
 * metadata, who asks from the context of `runAs`.
 */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Optional() @Inject(RefusalRecorder) private readonly refusals?: RefusalRecorder,
  ) {}

  /** @throws UnauthorizedError, ForbiddenError */
  canActivate(context: ExecutionContext): boolean {
    try {
      this.requireScopes(context);
    } catch (error) {
      this.refusals?.noteCall(handlerOf(context), error);
      throw error;
    }
    return true;
  }

  private requireScopes(context: ExecutionContext): void {
    const required = requiredScopesOf(this.reflector, context);
    const caller = callerInContext();
    if (caller === null || isAnonymous(caller)) throw new UnauthorizedError();
    requireScopes(caller, required);
  }
}
