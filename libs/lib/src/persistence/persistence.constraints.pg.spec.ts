import { describeConstraints, ID } from "../../test/describe-constraints";
import { PERSISTENCE } from "./persistence.feature";

describeConstraints(PERSISTENCE, {
  rows: [
    `insert into stratum.webhook_events (id, type, operation_id)
      values ('${ID}', 'tenant.created', '${ID}')`,
  ],
  violations: {
    webhook_events_pkey: `insert into stratum.webhook_events (id, type, operation_id)
      select id, type, id from stratum.webhook_events`,
    webhook_events_type_check: "update stratum.webhook_events set type = 'nonsense'",
  },
});
