import type { TenantRequest } from "@stratum-hq/lib";

/** A request that nobody sent. */
export function requestOf(given: Partial<TenantRequest>): TenantRequest {
  return {
    ...{
      method: "GET",
      url: "/",
      hostname: "",
      headers: {},
      source_ip: null,
      raw: null,
      route: null,
    },
    request_id: "r",
    ...given,
  };
}
