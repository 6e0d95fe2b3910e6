import { Injectable } from "@nestjs/common";
import { hideSources, type ResolvedPermissions } from "@stratum-hq/core";
import { TenantCache } from "../tenancy/tenant-cache";

/** Resolved permissions by tenant. */
@Injectable()
export class PermissionCache extends TenantCache<ResolvedPermissions> {
  protected override readonly hide = hideSources;
}
