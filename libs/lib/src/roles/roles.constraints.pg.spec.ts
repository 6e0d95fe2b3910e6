import { describeConstraints, ID, OTHER, OWNED, insert } from "../../test/describe-constraints";
import { ROLES } from "./roles.feature";

function role(columns: Record<string, string>): string {
  return insert("roles", { ...OWNED, name: "'r'", scopes: "'{}'", ...columns });
}

function principal(columns: Record<string, string>): string {
  const fixed = { principal_type: "'user'", principal_id: "'u'", role_id: `'${ID}'` };
  return insert("principal_roles", { ...OWNED, ...fixed, ...columns });
}

describeConstraints(ROLES, {
  rows: [
    role({}),
    role({ id: "gen_random_uuid()", tenant_id: "null", name: "'global'" }),
    principal({}),
    principal({ id: "gen_random_uuid()", tenant_id: "null" }),
  ],
  violations: {
    roles_pkey: role({ name: "'other'" }),
    roles_tenant_fkey: role({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
    roles_name_key: role({ id: `'${OTHER}'` }),
    roles_global_name_key: role({ id: `'${OTHER}'`, tenant_id: "null", name: "'global'" }),
    roles_name_check: "update stratum.roles set name = ''",
    principal_roles_pkey: principal({ principal_id: "'other'" }),
    principal_roles_tenant_fkey: principal({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
    principal_roles_role_fkey: principal({
      id: `'${OTHER}'`,
      principal_id: "'other'",
      role_id: `'${OTHER}'`,
    }),
    principal_roles_tenant_key: principal({ id: `'${OTHER}'` }),
    principal_roles_platform_key: principal({ id: `'${OTHER}'`, tenant_id: "null" }),
    principal_roles_type_check: "update stratum.principal_roles set principal_type = 'User'",
    principal_roles_principal_check: "update stratum.principal_roles set principal_id = ''",
  },
});
