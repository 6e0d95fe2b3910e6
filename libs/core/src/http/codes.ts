import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const HTTP_ERRORS = {
  MALFORMED_REQUEST: {
    status: 400,
    summary: "The request cannot be read: its body is not JSON, or its URL is not valid.",
    remedy: "Send what the message asks for.",
    details: [],
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    summary: "No route has this path. Trailing slashes and empty segments make another path.",
    remedy: "Compare the path with the routes at `/api/docs`.",
    details: [],
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    summary: "The path exists, but not with this method.",
    remedy: "Use one of the methods in `allowed`.",
    details: ["allowed"],
  },
  REQUEST_TIMEOUT: {
    status: 408,
    summary: "The request did not arrive within the time that the server waits for one.",
    remedy: "Send it again, faster.",
    details: [],
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    summary: "The body is larger than the server accepts.",
    remedy: "Split the request, or send less.",
    details: [],
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    summary: "The body has a content type that the route does not read.",
    remedy: "Send JSON with `Content-Type: application/json`.",
    details: [],
  },
  HOST_NOT_ALLOWED: {
    status: 421,
    summary: "The `Host` header names a host that this server does not answer for.",
    remedy: "Call the server by a name of ALLOWED_HOSTS, or add the name there.",
    details: ["host"],
  },
  RATE_LIMITED: {
    status: 429,
    summary: "The API key, its tenant, or the address has sent as many requests as it may for now.",
    remedy: "Wait for the seconds of `Retry-After`, or ask for a higher limit.",
    details: ["policy", "retry_after"],
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    summary: "The headers of the request are larger than the server accepts.",
    remedy: "Send fewer or shorter headers.",
    details: [],
  },
  SERVER_CLOSING: {
    status: 503,
    summary: "The server is shutting down and takes no new requests.",
    remedy: "Send the request again in a moment, on a new connection.",
    details: [],
  },
} as const satisfies Record<string, ErrorDescription>;
