import { ValidationError } from "@stratum-hq/core";
import { tenantKeyOf, type TenantKey } from "../tenancy/tenant-key";
import type { TenantSelector } from "./tenant-resolver";
import type { TenantRequest } from "./tenant-request";

/**
 * The tenant that a path names, by its id or its slug. Reads the request's own path, not the parameters of
 * a route: those are not known yet when the context begins.
 */
export class PathResolver implements TenantSelector {
  readonly kind = "selector";
  readonly #segments: readonly string[];

  /**
   * @param pattern how such paths begin, global prefix included: `/tenants/:tenant`. Other segments that
   *   begin with a colon stand for any.
   * @throws ValidationError without a segment `:tenant`
   */
  constructor(pattern: string) {
    this.#segments = segmentsOf(pattern);
    if (this.#segments.filter((segment) => segment === ":tenant").length === 1) return;
    throw new ValidationError("pattern", [{ path: "", message: "expected one segment :tenant" }]);
  }

  select({ url }: TenantRequest): TenantKey | null {
    const path = segmentsOf(url.split(/[?#]/, 1)[0] ?? "");
    const matches = this.#segments.every((segment, at) =>
      segment.startsWith(":") ? path[at] !== undefined : path[at] === segment,
    );
    return matches ? tenantKeyOf(decoded(path[this.#segments.indexOf(":tenant")] ?? "")) : null;
  }
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
