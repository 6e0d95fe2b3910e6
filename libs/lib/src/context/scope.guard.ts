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
import { callerInContext } from "./caller";
import { requireScopes } from "./granting";

/** The name under which refusals at a handler are recorded. */
export function handlerOf(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}

/** The metadata that {@link RequireScope} leaves at handlers and controllers. */
export const RequiredScopes = Reflector.createDecorator<string[]>();

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
    const targets = [context.getHandler(), context.getClass()];
    const required = this.reflector.getAllAndMerge(RequiredScopes, targets);
    const caller = callerInContext();
    if (caller === null) throw new UnauthorizedError();
    requireScopes(caller, required);
  }
}
