import { StratumError } from "../errors/stratum-error";

/** The request cannot be read; `cause` is the parser's error. */
export class MalformedRequestError extends StratumError {
  constructor(message: string, cause?: unknown) {
    super("MALFORMED_REQUEST", message, {}, cause);
  }
}

/** No route has the path. */
export class RouteNotFoundError extends StratumError {
  constructor() {
    super(
      "ROUTE_NOT_FOUND",
      "No route has this path. Compare it with the routes at /api/docs; mind slashes at the end.",
    );
  }
}

/** Details: `{ allowed }`: the methods that the path has. */
export class MethodNotAllowedError extends StratumError {
  constructor(allowed: readonly string[]) {
    super("METHOD_NOT_ALLOWED", `Use ${allowed.join(" or ")} with this path.`, { allowed });
  }
}

/** The request took too long to arrive. */
export class RequestTimeoutError extends StratumError {
  constructor() {
    super("REQUEST_TIMEOUT", "The request took too long to arrive. Send it again.");
  }
}

/** The body is too large. */
export class PayloadTooLargeError extends StratumError {
  constructor(cause?: unknown) {
    super("PAYLOAD_TOO_LARGE", "The body is too large. Split the request.", {}, cause);
  }
}

/** The body has another content type than JSON. */
export class UnsupportedMediaTypeError extends StratumError {
  constructor(cause?: unknown) {
    super(
      "UNSUPPORTED_MEDIA_TYPE",
      "Send the body as JSON, with Content-Type: application/json.",
      {},
      cause,
    );
  }
}

/** Details: `{ host }`. */
export class HostNotAllowedError extends StratumError {
  constructor(host: string) {
    super(
      "HOST_NOT_ALLOWED",
      `This server does not answer for the host "${host}". Add it to ALLOWED_HOSTS.`,
      { host },
    );
  }
}

/** Details: `{ policy, retry_after }`: what is limited, and for how many seconds. */
export class RateLimitedError extends StratumError {
  constructor(policy: string, retryAfter: number) {
    super("RATE_LIMITED", `Too many requests. Send it again in ${retryAfter} seconds.`, {
      policy,
      retry_after: retryAfter,
    });
  }
}

/** The headers are too large. */
export class HeadersTooLargeError extends StratumError {
  constructor() {
    super("HEADERS_TOO_LARGE", "The headers are too large. Send fewer or shorter ones.");
  }
}

/** The server is shutting down. */
export class ServerClosingError extends StratumError {
  constructor() {
    super("SERVER_CLOSING", "The server is shutting down. Send the request again in a moment.");
  }
}
