import { Injectable } from "@nestjs/common";
import type { ResolvedTenantContext } from "@stratum-hq/core";
import { ConfigReadService } from "../config-inheritance/config-read.service";
import { PermissionReadService } from "../permissions/permission-read.service";
import { TenantTreeService } from "../tenancy/tenant-tree.service";

/** Reads a tenant together with what it inherits. */
@Injectable()
export class TenantContextService {
  constructor(
    private readonly tree: TenantTreeService,
    private readonly config: ConfigReadService,
    private readonly permissions: PermissionReadService,
  ) {}

  /**
   * The tenant, its ancestors, and its configuration and permissions in effect: what an application
   * reads at the start of a request. One query when the latter two are cached, three when not.
   *
   * @throws TenantNotFoundError, TenantArchivedError, ValidationError
   */
  async getTenantContext(id: string): Promise<ResolvedTenantContext> {
    const [{ tenant, ancestors }, config, permissions] = await Promise.all([
      this.tree.getTenantWithAncestors(id),
      this.config.resolveConfig(id),
      this.permissions.resolvePermissions(id),
    ]);
    return { tenant, config, permissions, ancestors };
  }
}
