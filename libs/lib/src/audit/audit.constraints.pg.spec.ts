import { describeConstraints, ID, OTHER } from "../../test/describe-constraints";
import { AUDIT } from "./audit.feature";

describeConstraints(AUDIT, {
  rows: [
    `insert into stratum.audit_logs
      (id, operation_id, actor_id, actor_type, action, resource_type)
      values ('${ID}', '${ID}', 'a', 'system', 'a', 'r')`,
  ],
  violations: {
    audit_logs_pkey: `insert into stratum.audit_logs
      (id, operation_id, actor_id, actor_type, action, resource_type)
      select id, id, 'a', 'system', 'a', 'r' from stratum.audit_logs`,
    audit_logs_actor_type_check: `insert into stratum.audit_logs
      (id, operation_id, actor_id, actor_type, action, resource_type)
      values ('${OTHER}', '${OTHER}', 'a', 'robot', 'a', 'r')`,
  },
});
