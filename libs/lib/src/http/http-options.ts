import type { Type } from "@nestjs/common";
import type { Actor } from "../context/caller";
import type { TenantRequest } from "./tenant-request";
import type { TenantResolver } from "./tenant-resolver";

/** A tenant that a request names. */
export interface SelectedTenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/**
 * Whether somebody may select a tenant to whom no credential gives it.
 *
 * @param actor null where nobody is authenticated
 */
export type Authorize = (
  request: TenantRequest,
  tenant: SelectedTenant,
  actor: Actor | null,
) => boolean | Promise<boolean>;

/** How requests find their tenants (docs/nest.md). */
export interface HttpOptions {
  /**
   * Asked in this order: the first credential and the first selection of a tenant count. A class is taken
   * from the application's providers.
   */
  readonly resolvers: readonly (TenantResolver | Type<TenantResolver>)[];
  /** Left out, no tenant is selected but by a credential that is bound to it, to one above, or to the platform. */
  readonly authorize?: Authorize;
  /** Whether every handler wants a tenant, except those that are `@Public()`. Default true. */
  readonly guard?: boolean;
}
