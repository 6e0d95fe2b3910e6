import { STATUS_CODES } from "node:http";
import {
  ERROR_CATALOGUE,
  ERROR_PAGE,
  type ErrorDetails,
  type StratumError,
  type ValidationIssue,
} from "@stratum-hq/core";

/** One thing wrong with the input, and where: a JSON Pointer (RFC 6901), "" for all of it. */
export interface InputProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** An error as RFC 9457 writes it; members from `code` on are Stratum's own. */
export interface Problem {
  /** The page that explains the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong, and what to do next. */
  readonly detail?: string;
  /** The path that was asked for. */
  readonly instance?: string;
  readonly code: string;
  readonly request_id?: string;
  readonly errors?: readonly InputProblem[];
  readonly details?: ErrorDetails;
}

/** What a problem tells of the request that it answers. */
export type ProblemContext = Pick<Problem, "instance" | "request_id">;

const SERVER_ERROR = 500;
const UNAVAILABLE = 503;
/** Seconds after which to come back where the server cannot answer now. */
const RETRY_SECONDS = "1";

/**
 * What a client may know of an error: of one of the server's own no more than its code, and of one that passes
 * what the catalogue says of it.
 */
export function problemOf(
  { code, statusCode: status, message, details }: StratumError,
  context: ProblemContext = {},
): Problem {
  const problem = {
    type: `${ERROR_PAGE}#${code.toLowerCase()}`,
    title: STATUS_CODES[status] ?? "Error",
    status,
    ...context,
    code,
  };
  if (status === UNAVAILABLE) {
    const { summary, remedy } = ERROR_CATALOGUE[code];
    return { ...problem, detail: `${summary} ${remedy}` };
  }
  if (status >= SERVER_ERROR) return problem;
  return { ...problem, detail: message, ...inputProblems(details), details };
}

/** The headers that say more of some errors: how to authenticate, which methods there are, and when to come back. */
export function problemHeaders({ statusCode, details }: StratumError): Record<string, string> {
  switch (statusCode) {
    case 401:
      return { "WWW-Authenticate": "Bearer" };
    case 405:
      return { Allow: (details["allowed"] as readonly string[]).join(", ") };
    case 429:
      return { "Retry-After": String(details["retry_after"]) };
    case UNAVAILABLE:
      return { "Retry-After": RETRY_SECONDS };
    default:
      return {};
  }
}

function inputProblems(details: ErrorDetails): Pick<Problem, "errors"> {
  const issues = details["issues"] as readonly ValidationIssue[] | undefined;
  if (issues === undefined) return {};
  return {
    errors: issues.map(({ path, message }) => ({ pointer: pointerTo(path), detail: message })),
  };
}

function pointerTo(path: string): string {
  if (path === "") return "";
  const escaped = path.replaceAll("~", "~0").replaceAll("/", "~1");
  return `/${escaped.replaceAll(".", "/")}`;
}
