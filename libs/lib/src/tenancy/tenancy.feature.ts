import {
  MAX_TREE_DEPTH,
  RegionNotFoundError,
  TenantAlreadyExistsError,
  TenantDepthExceededError,
  TenantNotFoundError,
} from "@stratum-hq/core";
import { defineFeature } from "../feature";
import { TenancyApi, TenantTreeApi } from "./tenancy.api";
import { TenantCreationService } from "./tenant-creation.service";
import { TenantService } from "./tenant.service";
import { TenantListService } from "./tenant-list.service";
import { TenantTreeService } from "./tenant-tree.service";
import { TenantMoveService } from "./tenant-move.service";
import { TenantStatusService } from "./tenant-status.service";
import { TIMES } from "../persistence/control-table";
import { invalid } from "../persistence/constraint-errors";
import { TenancyModule } from "./tenancy.module";
import { TenantEntity } from "./tenant.entity";

const brokenPath = invalid("path", "the path does not match the tenant's id and parent");

export const TENANCY = defineFeature({
  modules: [TenancyModule],
  apis: [TenancyApi, TenantTreeApi],
  services: {
    createTenant: TenantCreationService,
    createOrganization: TenantCreationService,
    batchCreateTenants: TenantCreationService,
    getTenant: TenantService,
    getTenantBySlug: TenantService,
    getTenantByExternalId: TenantService,
    getOrganization: TenantService,
    updateTenant: TenantService,
    runInTenant: TenantService,
    listTenants: TenantListService,
    listOrganizations: TenantListService,
    getAncestors: TenantTreeService,
    getRoot: TenantTreeService,
    getChildren: TenantTreeService,
    getDescendants: TenantTreeService,
    listDescendants: TenantTreeService,
    moveTenant: TenantMoveService,
    reorderTenant: TenantMoveService,
    suspendTenant: TenantStatusService,
    resumeTenant: TenantStatusService,
    archiveTenant: TenantStatusService,
    deleteTenant: TenantStatusService,
  },
  entities: [TenantEntity],
  constraintErrors: {
    tenants_pkey: () => new TenantAlreadyExistsError("id", null),
    tenants_slug_key: () => new TenantAlreadyExistsError("slug", null),
    tenants_external_id_key: () => new TenantAlreadyExistsError("external_id", null),
    tenants_parent_fkey: () => new TenantNotFoundError({ tenant_id: "parent_id" }),
    tenants_region_fkey: () => new RegionNotFoundError("region_id"),
    tenants_depth_check: () => new TenantDepthExceededError(MAX_TREE_DEPTH + 1),
    tenants_name_check: invalid("name", "expected 1 to 255 characters"),
    tenants_slug_check: invalid("slug", "expected a lower-case letter, then a-z, 0-9 and _"),
    tenants_external_id_check: invalid("external_id", "expected 1 to 255 characters"),
    tenants_metadata_check: invalid("metadata", "expected an object"),
    tenants_isolation_strategy_check: invalid("isolation_strategy", "unknown strategy"),
    tenants_status_check: invalid("status", "unknown status"),
    tenants_sort_order_check: invalid("position", "expected 0 or more"),
    tenants_path_self_check: brokenPath,
    tenants_path_parent_check: brokenPath,
  },
  controlTables: [
    {
      schema: "stratum",
      table: "tenants",
      part: "tenant",
      tenant: "id",
      key: ["id"],
      exported: [
        ...["id", "parent_id", "depth", "name", "slug", "external_id", "metadata"],
        ...[
          "isolation_strategy",
          "region_id",
          "status",
          "status_reason",
          "legal_hold",
          "sort_order",
          "version",
          "deleted_at",
        ],
        ...TIMES,
      ],
      withheld: [
        ...["path", "root_id", "suspension_id", "suspended_by", "archival_id", "archived_by"],
        ...["held_by", "purge_id"],
      ],
      disclosing: ["parent_id"],
      erasure: "last",
    },
  ],
  events: {
    "tenant.created": "subtree",
    "tenant.updated": "subtree",
    "tenant.moved": "subtree",
    "tenant.suspended": "subtree",
    "tenant.resumed": "subtree",
    "tenant.archived": "subtree",
    "tenant.deleted": "subtree",
  },
});
