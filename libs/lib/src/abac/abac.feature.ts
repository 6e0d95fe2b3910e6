import { defineFeature } from "../feature";
import { AbacApi } from "./abac.api";
import { AbacWriteService } from "./abac-write.service";
import { AbacReadService } from "./abac-read.service";
import { TENANT_ROWS, TIMES } from "../persistence/control-table";
import { invalid, unknownTenant } from "../persistence/constraint-errors";
import { AbacModule } from "./abac.module";
import { AbacPolicyEntity } from "./abac-policy.entity";

const PATTERN = "expected letters, digits and . _ : - only, * at the end for any rest";

export const ABAC = defineFeature({
  modules: [AbacModule],
  apis: [AbacApi],
  services: {
    createAbacPolicy: AbacWriteService,
    getAbacPolicies: AbacReadService,
    resolveAbacPolicies: AbacReadService,
    evaluateAbac: AbacReadService,
    deleteAbacPolicy: AbacWriteService,
  },
  entities: [AbacPolicyEntity],
  constraintErrors: {
    abac_policies_pkey: invalid("id", "the policy exists"),
    abac_policies_name_key: invalid("name", "the tenant has a policy of this name"),
    abac_policies_tenant_fkey: unknownTenant,
    abac_policies_name_check: invalid("name", "expected 1 to 255 characters"),
    abac_policies_resource_type_check: invalid("resource_type", PATTERN),
    abac_policies_action_check: invalid("action", PATTERN),
    abac_policies_effect_check: invalid("effect", "expected allow or deny"),
    abac_policies_conditions_check: invalid("conditions", "expected an array"),
    abac_policies_mode_check: invalid("mode", "expected LOCKED, INHERITED or DELEGATED"),
  },
  controlTables: [
    {
      ...TENANT_ROWS,
      table: "abac_policies",
      part: "abac_policies",
      key: ["resource_type", "action", "name"],
      exported: [
        ...["id", "tenant_id", "name", "resource_type", "action", "effect", "conditions"],
        ...["priority", "mode", "version", ...TIMES],
      ],
      withheld: [],
    },
  ],
  events: {
    "abac_policy.created": "subtree",
    "abac_policy.deleted": "subtree",
  },
});
