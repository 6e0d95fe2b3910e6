import { defineFeature } from "../feature";
import { PermissionsApi } from "./permissions.api";
import { PermissionReadService } from "./permission-read.service";
import { PermissionWriteService } from "./permission-write.service";
import { PermissionBanService } from "./permission-ban.service";
import { TENANT_ROWS, TIMES } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { PermissionsModule } from "./permissions.module";
import { PermissionPolicyEntity } from "./permission-policy.entity";
import { PermissionBanEntity } from "./permission-ban.entity";

export const PERMISSIONS = defineFeature({
  modules: [PermissionsModule],
  apis: [PermissionsApi],
  services: {
    resolvePermissions: PermissionReadService,
    checkPermission: PermissionReadService,
    explainPermission: PermissionReadService,
    listPermissionBans: PermissionReadService,
    createPermission: PermissionWriteService,
    updatePermission: PermissionWriteService,
    deletePermission: PermissionWriteService,
    banPermission: PermissionBanService,
    liftPermissionBan: PermissionBanService,
  },
  entities: [PermissionPolicyEntity, PermissionBanEntity],
  constraintErrors: {
    permission_policies_pkey: invalid("id", "the policy exists"),
    permission_policies_key_key: invalid("key", "the tenant has a policy for the key"),
    permission_policies_tenant_fkey: unknownTenant,
    permission_policies_key_check: invalid("key", "expected letters, digits and . _ : - only"),
    permission_policies_mode_check: invalid("mode", "expected LOCKED, INHERITED or DELEGATED"),
    permission_policies_revocation_mode_check: invalid(
      "revocation_mode",
      "expected CASCADE, SOFT or PERMANENT",
    ),
    permission_bans_pkey: invalid("key", "the tenant bans the key"),
    permission_bans_tenant_fkey: unknownTenant,
    permission_bans_key_check: invalid("key", "expected letters, digits and . _ : - only"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "permission_policies",
      part: "permission_policies",
      key: ["key"],
      exported: [
        ...["id", "tenant_id", "key", "value", "mode", "revocation_mode", "version"],
        ...TIMES,
      ],
      withheld: [],
    },
    {
      ...TENANT_ROWS,
      table: "permission_bans",
      part: "permission_bans",
      key: ["key"],
      exported: ["tenant_id", "key", "banned_by", "created_at"],
      withheld: [],
      disclosing: ["banned_by"],
    },
  ],
  events: {
    "permission.created": "subtree",
    "permission.updated": "subtree",
    "permission.deleted": "subtree",
  },
});
