import { STATUS_CODES } from "node:http";
import type { ErrorDetails, StratumError } from "@stratum-hq/core";

/** An error as RFC 9457 writes it; `code` and `details` are Stratum's own members. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly details?: ErrorDetails;
}

const SERVER_ERROR = 500;

/** What a client may know of an error: of one of the server's own, no more than its code. */
export function problemOf({ code, statusCode: status, message, details }: StratumError): Problem {
  const problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    code,
  } as const;
  return status >= SERVER_ERROR ? problem : { ...problem, detail: message, details };
}
