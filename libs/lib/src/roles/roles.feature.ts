import { RoleAlreadyExistsError, RoleNotFoundError } from "@stratum-hq/core";
import { defineFeature } from "../feature";
import { RolesApi } from "./roles.api";
import { RoleService } from "./role.service";
import { RoleReadService } from "./role-read.service";
import { PrincipalRoleService } from "./principal-role.service";
import { PrincipalScopesService } from "./principal-scopes.service";
import { TENANT_ROWS, TIMES } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { RolesModule } from "./roles.module";
import { RoleEntity } from "./role.entity";
import { PrincipalRoleEntity } from "./principal-role.entity";

const unknownRole = () => new RoleNotFoundError("role_id");
const oneRole = invalid("principal", "the principal has a role there");

export const ROLES = defineFeature({
  modules: [RolesModule],
  apis: [RolesApi],
  services: {
    createRole: RoleService,
    updateRole: RoleService,
    deleteRole: RoleService,
    getRole: RoleReadService,
    listRoles: RoleReadService,
    assignRole: PrincipalRoleService,
    removeRole: PrincipalRoleService,
    resolvePrincipalScopes: PrincipalScopesService,
  },
  entities: [RoleEntity, PrincipalRoleEntity],
  constraintErrors: {
    roles_pkey: invalid("id", "the role exists"),
    roles_tenant_fkey: unknownTenant,
    roles_name_key: () => new RoleAlreadyExistsError(null, null),
    roles_global_name_key: () => new RoleAlreadyExistsError(null, null),
    roles_name_check: invalid("name", "expected 1 to 100 characters"),
    principal_roles_pkey: invalid("id", "the assignment exists"),
    principal_roles_tenant_fkey: unknownTenant,
    principal_roles_role_fkey: unknownRole,
    principal_roles_tenant_key: oneRole,
    principal_roles_platform_key: oneRole,
    principal_roles_type_check: invalid(
      "type",
      "expected a lower-case letter, then a-z, 0-9, _ and -",
    ),
    principal_roles_principal_check: invalid("principal", "expected 1 to 255 characters"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "roles",
      part: "roles",
      key: ["name"],
      exported: ["id", "tenant_id", "name", "description", "scopes", "version", ...TIMES],
      withheld: [],
    },
    {
      ...TENANT_ROWS,
      table: "principal_roles",
      part: "principal_roles",
      key: ["principal_type", "principal_id"],
      exported: ["id", "principal_type", "principal_id", "tenant_id", "role_id", "assigned_at"],
      withheld: [],
    },
  ],
  events: {
    "role.created": "subtree",
    "role.updated": "subtree",
    "role.deleted": "subtree",
    "role.assigned": "subtree",
    "role.removed": "subtree",
  },
});
