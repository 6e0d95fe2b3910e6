import { tenantKeyOf, type TenantKey } from "../tenancy/tenant-key";
import type { TenantSelector } from "./tenant-resolver";
import { headerOf, type TenantRequest } from "./tenant-request";

/** The tenant that a header names, by its id or its slug. */
export class HeaderResolver implements TenantSelector {
  readonly kind = "selector";
  readonly #header: string;

  /** @param options.header default `X-Tenant-ID` */
  constructor({ header = "x-tenant-id" }: { readonly header?: string } = {}) {
    this.#header = header;
  }

  select(request: TenantRequest): TenantKey | null {
    const value = headerOf(request, this.#header);
    return value === null ? null : tenantKeyOf(value);
  }
}
