import { StratumError } from "../errors/stratum-error";

/** Details: `{ id }`. */
export class PurgeCertificateNotFoundError extends StratumError {
  constructor(id: string) {
    super(
      "PURGE_CERTIFICATE_NOT_FOUND",
      `No purge that is done has this id, or took a tenant of this id: ${id}. Check the id.`,
      { id },
    );
  }
}

/** What keeps rows of a tenant from being deleted. */
export interface PurgeObstacle {
  /** A policy, table, view or foreign key of the host's, by its name. */
  readonly object: string;
  readonly problem: string;
}

/** Details: `{ obstacles: [{ object, problem }] }`. Nothing was destroyed where `purgeTenant` throws it at once. */
export class PurgeBlockedError extends StratumError {
  constructor(obstacles: readonly PurgeObstacle[]) {
    const [first] = obstacles;
    super(
      "PURGE_BLOCKED",
      `The tenant's rows cannot be deleted: ${first?.object ?? "a table"}: ${first?.problem ?? ""}. ` +
        "Change what the details name, and purge again.",
      { obstacles: obstacles.map(({ object, problem }) => ({ object, problem })) },
    );
  }
}
