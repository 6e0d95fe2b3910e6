import { createParamDecorator } from "@nestjs/common";
import { UnauthorizedError } from "@stratum-hq/core";
import { currentActor, type Actor } from "../context/caller";

/**
 * Who acts, as a parameter of a handler; with `{ optional: true }` null where nobody is authenticated.
 *
 * Answers UnauthorizedError (401) otherwise.
 */
export const CurrentActor = createParamDecorator<{ readonly optional?: boolean } | undefined>(
  (options): Actor | null => {
    const actor = currentActor();
    if (actor === null && options?.optional !== true) throw new UnauthorizedError();
    return actor;
  },
);
