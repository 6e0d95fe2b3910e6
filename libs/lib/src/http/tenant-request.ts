import type { IncomingHttpHeaders } from "node:http";

/** The route that the framework chose for a request. */
export interface RequestRoute {
  /** As it was declared, global prefix included: `/tenants/:id/orders`. */
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** An HTTP request, the same whatever framework Nest runs on. */
export interface TenantRequest {
  readonly method: string;
  /** Path and query, as the client sent them. */
  readonly url: string;
  /** Null where no route matches, and on Express until its router has chosen one, after all middleware. */
  readonly route: RequestRoute | null;
  /** The host without its port, as the framework tells it: by `X-Forwarded-Host` only where it trusts the proxy. */
  readonly hostname: string;
  readonly headers: IncomingHttpHeaders;
  /** The client's address, as the framework tells it; null where that is none. */
  readonly source_ip: string | null;
  /** The framework's name for the request, else `X-Request-ID`, else a new one. */
  readonly request_id: string;
  /** The framework's own request. */
  readonly raw: unknown;
}

/** The value of a header that is sent once; null where it is missing or empty. */
export function headerOf(request: TenantRequest, name: string): string | null {
  const value = request.headers[name.toLowerCase()];
  return typeof value === "string" && value !== "" ? value : null;
}

/** What follows `Authorization: Bearer`; null where there is none. */
export function bearerOf(request: TenantRequest): string | null {
  const [, token] = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? "") ?? [];
  return token ?? null;
}
