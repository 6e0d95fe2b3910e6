import { ERROR_CATALOGUE, type ErrorCode } from "../codes";

/** Facts about a failure that a program can act on; values are JSON. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** How a message names a tenant above, which the caller may not be allowed to know. */
export function tenantAbove(tenantId: string | null, start: "a" | "A" = "a"): string {
  if (tenantId === null) return `${start} tenant above`;
  return `${start === "A" ? "Tenant" : "tenant"} ${tenantId}`;
}

/**
 * What every method of Stratum rejects with. `code` is stable and documented in docs/errors.md;
 * `statusCode` is the HTTP status that the REST API answers; `message` names the remedy.
 */
export class StratumError extends Error {
  readonly code: ErrorCode;
  readonly statusCode: number;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.statusCode = ERROR_CATALOGUE[code].status;
    this.details = details;
  }
}
