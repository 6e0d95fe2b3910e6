import type { TenantKey } from "../tenancy/tenant-key";
import type { TenantSelector } from "./tenant-resolver";
import type { TenantRequest } from "./tenant-request";

export interface SubdomainOptions {
  /** `example.com`, for `acme.example.com`. */
  readonly baseDomain: string;
  /** Labels that name no tenant. Default `www`. */
  readonly except?: readonly string[];
}

/**
 * The tenant whose slug is the label before the base domain. Names of hosts have no underscores: a hyphen
 * stands for one.
 */
export class SubdomainResolver implements TenantSelector {
  readonly kind = "selector";
  readonly #suffix: string;
  readonly #except: ReadonlySet<string>;

  constructor({ baseDomain, except = ["www"] }: SubdomainOptions) {
    this.#suffix = `.${baseDomain.toLowerCase()}`;
    this.#except = new Set(except);
  }

  select({ hostname }: TenantRequest): TenantKey | null {
    const host = hostname.toLowerCase().replace(/\.$/, "");
    if (!host.endsWith(this.#suffix)) return null;
    const label = host.slice(0, -this.#suffix.length);
    if (label === "" || this.#except.has(label)) return null;
    return { slug: label.replaceAll("-", "_") };
  }
}
