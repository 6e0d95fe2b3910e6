import { ValidationError } from "@stratum-hq/core";
import { tenantKeyOf, type TenantKey } from "../tenancy/tenant-key";
import type { TenantSelector } from "./tenant-resolver";
import type { RequestRoute, TenantRequest } from "./tenant-request";

/**
 * The tenant that a path names, by its id or its slug. It reads the route that the framework chose and that
 * route's parameters. Express chooses its route later than the context begins: there it reads the path as
 * Express does, and the guard compares the result with the route before the handler runs.
 */
export class PathResolver implements TenantSelector {
  readonly kind = "selector";
  readonly #segments: readonly string[];

  /**
   * @param pattern how such paths begin, global prefix included: `/tenants/:tenant`. Other segments that
   *   begin with a colon match any text.
   * @throws ValidationError without a segment `:tenant`
   */
  constructor(pattern: string) {
    this.#segments = typeof pattern === "string" ? segmentsOf(pattern) : [];
    if (this.#segments.filter((segment) => segment === ":tenant").length === 1) return;
    throw new ValidationError("pattern", [{ path: "", message: "expected one segment :tenant" }]);
  }

  select({ url, route }: TenantRequest): TenantKey | null {
    const routed = route == null ? null : routedSegments(route, this.#segments.length);
    const path = routed ?? segmentsOf(pathOf(url)).map(decoded);
    const matches = this.#segments.every((segment, at) =>
      segment.startsWith(":") ? path[at] !== undefined : isSame(segment, path[at]),
    );
    return matches ? tenantKeyOf(path[this.#segments.indexOf(":tenant")] ?? "") : null;
  }
}

/**
 * The first segments of a route, each parameter replaced by its value; null where the route's syntax does not
 * say which parameter is which segment (`/*`, `/:a-:b`, `/:id(\\d+)`).
 */
function routedSegments({ path, params }: RequestRoute, length: number): string[] | null {
  const segments = segmentsOf(path)
    .slice(0, length)
    .map((segment) => {
      const [, name] = /^:(\w+)$/.exec(segment) ?? [];
      if (name === undefined) return /[:*(){}?+]/.test(segment) ? undefined : segment;
      const value = params[name];
      return typeof value === "string" ? value : undefined;
    });
  return segments.every((segment) => segment !== undefined) ? segments : null;
}

/** Routers may ignore case, and a foreign tenant's path must not pass for one that names no tenant. */
function isSame(literal: string, segment: string | undefined): boolean {
  return literal.toLowerCase() === segment?.toLowerCase();
}

/** The path of a request's target, which may be a whole URL (RFC 9112, 3.2.2). */
function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  return path.split(/[?#]/, 1)[0] ?? "";
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
