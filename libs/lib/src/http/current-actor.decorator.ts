import { createParamDecorator } from "@nestjs/common";
import { UnauthorizedError } from "@stratum-hq/core";
import { callerInContext, isAnonymous, type Actor } from "../context/caller";

/**
 * Who acts, as a parameter of a handler; with `{ optional: true }` null where nobody is authenticated.
 *
 * Answers UnauthorizedError (401) otherwise.
 */
export const CurrentActor = createParamDecorator<{ readonly optional?: boolean } | undefined>(
  (options): Actor | null => {
    const caller = callerInContext();
    if (caller !== null && !isAnonymous(caller)) {
      const { actor_id, actor_type, source_ip, request_id, bound_to, scopes } = caller;
      return {
        actor_id,
        actor_type,
        source_ip,
        request_id,
        tenant_id: bound_to,
        ...(scopes === null ? {} : { scopes }),
      };
    }
    if (options?.optional === true) return null;
    throw new UnauthorizedError();
  },
);
