import { isNativeError } from "node:util/types";
import {
  DatabaseError,
  DatabaseUnavailableError,
  InternalError,
  LOCK_WAIT_MS,
  PoolerUnsupportedError,
  StratumError,
  TenantTreeBusyError,
  TransactionConflictError,
} from "@stratum-hq/core";
import type { ConstraintErrors } from "./constraint-errors";

/** What a driver's error says that we act on. */
interface DriverError {
  readonly code?: unknown;
  readonly constraint?: unknown;
}

const LOCK_NOT_AVAILABLE = "55P03";
/** The statement's name is unknown to the server, or known already. */
const NAME_MISMATCH = ["26000", "42P05"];
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";

/** Connection exceptions, shutdown, crash recovery, and too many connections (SQLSTATE appendix A). */
const UNAVAILABLE = /^(08...|57P0[1-5]|53300)$/;

/** The five-character SQLSTATE of an error that PostgreSQL reported, else null. */
export function sqlStateOf(error: unknown): string | null {
  const { code } = driverError(error);
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)
    ? code
    : null;
}

/** TypeORM wraps what the driver threw. */
function driverError(error: unknown): DriverError {
  if (typeof error !== "object" || error === null) return {};
  return "driverError" in error ? (error.driverError as DriverError) : error;
}

/** Whether running the same transaction again may succeed. */
export function isRetryable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
}

/**
 * The typed error that a caller sees in place of what the driver threw.
 *
 * @param constraints of schema `stratum`, where the statement may have violated one of them
 * @param lockWaitMs how long it has waited for a lock where it was refused one
 */
export function translateDatabaseError(
  error: unknown,
  constraints: ConstraintErrors = {},
  lockWaitMs: number = LOCK_WAIT_MS,
): StratumError {
  if (error instanceof StratumError) return error;
  const state = sqlStateOf(error);
  if (state === null)
    return isDriverFailure(error) ? new DatabaseUnavailableError(error) : new InternalError(error);
  if (UNAVAILABLE.test(state)) return new DatabaseUnavailableError(error);
  if (NAME_MISMATCH.includes(state)) return new PoolerUnsupportedError(state, error);
  if (state === LOCK_NOT_AVAILABLE) return new TenantTreeBusyError(lockWaitMs, error);
  if (isRetryable(error)) return new TransactionConflictError(1, error);
  return constraintError(error, constraints) ?? new DatabaseError(state, error);
}

function constraintError(error: unknown, constraints: ConstraintErrors): StratumError | undefined {
  const { constraint } = driverError(error);
  return typeof constraint === "string" ? constraints[constraint]?.() : undefined;
}

/** What defects of code throw, as opposed to the network and the pool. */
const DEFECTS = ["TypeError", "RangeError", "ReferenceError", "SyntaxError"];

function isDriverFailure(error: unknown): boolean {
  return isNativeError(error) && !DEFECTS.includes(error.name);
}
