import { describeConstraints, ID, OTHER, OWNED, insert } from "../../test/describe-constraints";
import { PERMISSIONS } from "./permissions.feature";

function policy(columns: Record<string, string>): string {
  return insert("permission_policies", { ...OWNED, key: "'k'", ...columns });
}

describeConstraints(PERMISSIONS, {
  rows: [policy({}), `insert into stratum.permission_bans (tenant_id, key) values ('${ID}', 'k')`],
  violations: {
    permission_policies_pkey: policy({ tenant_id: `'${OTHER}'` }),
    permission_policies_key_key: policy({ id: `'${OTHER}'` }),
    permission_policies_tenant_fkey: policy({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
    permission_policies_key_check: "update stratum.permission_policies set key = 'bad key'",
    permission_policies_mode_check: "update stratum.permission_policies set mode = 'OPEN'",
    permission_policies_revocation_mode_check:
      "update stratum.permission_policies set revocation_mode = 'NEVER'",
    permission_bans_pkey: `insert into stratum.permission_bans (tenant_id, key) values ('${ID}', 'k')`,
    permission_bans_tenant_fkey: `insert into stratum.permission_bans (tenant_id, key)
      values ('${OTHER}', 'k')`,
    permission_bans_key_check: "update stratum.permission_bans set key = 'bad key'",
  },
});
