import {
  PoolerUnsupportedError,
  StratumError,
  TenantContextExpiredError,
  TenantContextForgedError,
  TenantContextMissingError,
  TenantRoleMissingError,
} from "@stratum-hq/core";
import type { Client } from "pg";

function codeOf(error: unknown): string {
  const { code } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

/** What `stratum.current_tenant_id()` raises (migration 1764374400000). */
const MISSING = "ST001";
const EXPIRED = "ST002";
const FORGED = "ST003";
/** The statement's name is unknown to the server, or known already. */
const NAME_MISMATCH = ["26000", "42P05"];

/**
 * The typed error for what the context, or its way to the server, causes; any other error of a statement is
 * its sender's, and passes as pg threw it.
 */
export function translateTenantError(error: unknown, client: Client): unknown {
  if (error instanceof ContextRefused) {
    const refused = ROLE_REFUSED.includes(codeOf(error.cause));
    return refused ? roleError(client, error.cause) : translateTenantError(error.cause, client);
  }
  const code = codeOf(error);
  if (code === MISSING) return new TenantContextMissingError();
  if (code === EXPIRED) return new TenantContextExpiredError(error);
  if (code === FORGED) return new TenantContextForgedError(error);
  if (NAME_MISMATCH.includes(code)) return new PoolerUnsupportedError(code, error);
  return error;
}

/** Undefined table, schema, function, or object. */
const UNDEFINED_NAMES = ["42P01", "3F000", "42883", "42704"];

/** Whether a statement found no object of a name in it. */
export function isUndefinedName(error: unknown): boolean {
  return UNDEFINED_NAMES.includes(codeOf(error));
}

/**
 * Whether PostgreSQL will not run a prepared statement any more, since its columns are others now: a migration
 * came in between. The code alone stands for whatever is not supported; the routine is that of this check.
 */
export function isPlanStale(error: unknown): boolean {
  return (
    codeOf(error) === "0A000" &&
    (error as { routine?: unknown }).routine === "RevalidateCachedQuery"
  );
}

/** The context statement failed, and not the caller's. */
export class ContextRefused extends Error {
  constructor(error: unknown) {
    super("the context statement failed", { cause: error });
  }
}

/**
 * Whether the connection can go on after an error: not where the server did not answer, nor where it and
 * pg disagree about which statements are prepared.
 */
export function leavesUsable(error: unknown): boolean {
  const told = error instanceof ContextRefused ? error.cause : error;
  if (told instanceof StratumError) return true;
  return told instanceof Error && "severity" in told && !NAME_MISMATCH.includes(codeOf(told));
}

/** No membership that allows SET ROLE, or no such role. */
const ROLE_REFUSED = ["42501", "22023"];

/** The error for a login that PostgreSQL does not let act as stratum_tenant, with the remedy. */
function roleError(client: Client, cause: unknown): TenantRoleMissingError {
  const login = client.user ?? "unknown";
  const grant = `grant stratum_tenant to ${client.escapeIdentifier(login)} with inherit true, set true`;
  return new TenantRoleMissingError(login, grant, cause);
}
