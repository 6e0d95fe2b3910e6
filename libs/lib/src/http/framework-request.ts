import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { AUDIT_FIELD_MAX_LENGTH } from "@stratum-hq/core";
import type { RequestRoute, TenantRequest } from "./tenant-request";

/** What requests of Fastify and of Express have in common. */
export interface RawRequest {
  readonly method: string;
  readonly originalUrl: string;
  readonly hostname?: string;
  readonly headers: IncomingHttpHeaders;
  readonly ip?: string;
  readonly id?: unknown;
  readonly params?: unknown;
  /** Fastify's. */
  readonly routeOptions?: { readonly url?: unknown };
  /** Express's: the route, and the path under which its router is mounted. */
  readonly route?: { readonly path?: unknown };
  readonly baseUrl?: unknown;
}

const REQUEST_ID = /^[\x21-\x7e]+$/;

function isRequestId(id: unknown): id is string {
  return typeof id === "string" && id.length <= AUDIT_FIELD_MAX_LENGTH && REQUEST_ID.test(id);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A request of Fastify's or Express's. */
export class FrameworkRequest implements TenantRequest {
  readonly request_id: string;

  constructor(readonly raw: RawRequest) {
    const named = raw.headers["x-request-id"];
    this.request_id = isRequestId(raw.id) ? raw.id : isRequestId(named) ? named : randomUUID();
  }

  get method(): string {
    return this.raw.method;
  }

  get url(): string {
    return this.raw.originalUrl;
  }

  get route(): RequestRoute | null {
    const { routeOptions, route, baseUrl, params } = this.raw;
    const path = routeOptions?.url ?? route?.path;
    if (typeof path !== "string") return null;
    const mounted = typeof baseUrl === "string" ? baseUrl : "";
    return { path: `${mounted}${path}`, params: isRecord(params) ? params : {} };
  }

  get hostname(): string {
    return this.raw.hostname ?? "";
  }

  get headers(): IncomingHttpHeaders {
    return this.raw.headers;
  }

  /** A proxy that is trusted may have been told anything, so that it need not be an address. */
  get source_ip(): string | null {
    const { ip } = this.raw;
    return ip !== undefined && isIP(ip) !== 0 ? ip : null;
  }
}
