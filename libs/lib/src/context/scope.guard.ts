import { Injectable, type CanActivate, type ExecutionContext } from "@nestjs/common";
import { Reflector } from "@nestjs/core";
import { UnauthorizedError } from "@stratum-hq/core";
import { callerInContext } from "./caller";
import { requireScopes } from "./granting";

/** The metadata that {@link RequireScope} leaves at handlers and controllers. */
export const RequiredScopes = Reflector.createDecorator<string[]>();

/**
 * Enforces {@link RequireScope}, in whatever kind of context Nest runs guards: what is asked comes from
 * metadata, who asks from the context of `runAs`.
 */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** @throws UnauthorizedError, ForbiddenError */
  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const required = this.reflector.getAllAndMerge(RequiredScopes, targets);
    const caller = callerInContext();
    if (caller === null) throw new UnauthorizedError();
    requireScopes(caller, required);
    return true;
  }
}
