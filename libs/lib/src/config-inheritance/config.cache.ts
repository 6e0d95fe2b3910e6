import { Injectable } from "@nestjs/common";
import { hideSources, type ResolvedConfig } from "@stratum-hq/core";
import { TenantCache } from "../tenancy/tenant-cache";

/** Resolved configurations by tenant. */
@Injectable()
export class ConfigCache extends TenantCache<ResolvedConfig> {
  protected override readonly hide = hideSources;
}
