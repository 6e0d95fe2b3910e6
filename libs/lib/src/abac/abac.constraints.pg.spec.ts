import { describeConstraints, OTHER, OWNED, insert } from "../../test/describe-constraints";
import { ABAC } from "./abac.feature";

function abacPolicy(columns: Record<string, string>): string {
  const key = { name: "'n'", resource_type: "'*'", action: "'a*'", effect: "'deny'" };
  return insert("abac_policies", { ...OWNED, ...key, ...columns });
}

describeConstraints(ABAC, {
  rows: [abacPolicy({})],
  violations: {
    abac_policies_pkey: abacPolicy({ name: "'other'" }),
    abac_policies_name_key: abacPolicy({ id: `'${OTHER}'` }),
    abac_policies_tenant_fkey: abacPolicy({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
    abac_policies_name_check: "update stratum.abac_policies set name = ''",
    abac_policies_resource_type_check: "update stratum.abac_policies set resource_type = '**'",
    abac_policies_action_check: "update stratum.abac_policies set action = 'a b'",
    abac_policies_effect_check: "update stratum.abac_policies set effect = 'permit'",
    abac_policies_conditions_check: "update stratum.abac_policies set conditions = '{}'",
    abac_policies_mode_check: "update stratum.abac_policies set mode = 'OPEN'",
  },
});
