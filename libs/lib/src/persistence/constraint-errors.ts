import { TenantNotFoundError, ValidationError, type StratumError } from "@stratum-hq/core";

/**
 * What a violation of each constraint of schema stratum tells a caller. Input schemas and locks
 * refuse most of them earlier; a test holds what the features declare against the database both ways.
 */
export type ConstraintErrors = Readonly<Record<string, () => StratumError>>;

/** Injects the constraint errors that all features declare. */
export const CONSTRAINT_ERRORS = Symbol("stratum.constraint_errors");

/** The error of a constraint that a bad argument violates. */
export function invalid(argument: string, message: string): () => StratumError {
  return () => new ValidationError(argument, [{ path: "", message }]);
}

/** The error of a foreign key to tenants. */
export const unknownTenant = (): StratumError =>
  new TenantNotFoundError({ tenant_id: "tenant_id" });
