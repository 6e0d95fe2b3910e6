import type { TenantContextApi } from "@stratum-hq/core";
import { Injectable } from "@nestjs/common";
import type { ResolvedTenantContext } from "@stratum-hq/core";
import { ConfigReadService } from "../config-inheritance/config-read.service";
import { PermissionReadService } from "../permissions/permission-read.service";
import { TenantTreeService } from "../tenancy/tenant-tree.service";

/** Reads a tenant together with what it inherits. */
@Injectable()
export class TenantContextService implements Pick<TenantContextApi, "getTenantContext"> {
  constructor(
    private readonly tree: TenantTreeService,
    private readonly config: ConfigReadService,
    private readonly permissions: PermissionReadService,
  ) {}

  async getTenantContext(id: string): Promise<ResolvedTenantContext> {
    const [{ tenant, ancestors }, config, permissions] = await Promise.all([
      this.tree.getTenantWithAncestors(id),
      this.config.resolveConfig(id),
      this.permissions.resolvePermissions(id),
    ]);
    return { tenant, config, permissions, ancestors };
  }
}
