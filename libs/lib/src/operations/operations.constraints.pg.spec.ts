import { describeConstraints, ID, OWNED, insert } from "../../test/describe-constraints";
import { OPERATIONS } from "./operations.feature";

function operation(columns: Record<string, string>): string {
  const actor = { actor_id: "'a'", actor_type: "'system'", claim_id: `'${ID}'` };
  return insert("operations", {
    ...OWNED,
    type: "'purge'",
    progress: "'{}'",
    ...actor,
    ...columns,
  });
}

describeConstraints(OPERATIONS, {
  rows: [operation({})],
  violations: {
    operations_pkey: operation({}),
    operations_state_check: "update stratum.operations set state = 'gone'",
    operations_type_check: "update stratum.operations set type = ''",
    operations_actor_type_check: "update stratum.operations set actor_type = 'robot'",
  },
});
