import { describeConstraints, OTHER, OWNED, insert } from "../../test/describe-constraints";
import { USAGE } from "./usage.feature";

function usageEvent(columns: Record<string, string>): string {
  const key = { metric: "'m'", idempotency_key: "'k'" };
  return insert("usage_events", { ...OWNED, ...key, ...columns });
}

describeConstraints(USAGE, {
  rows: [usageEvent({})],
  violations: {
    usage_events_pkey: usageEvent({ metric: "'other'" }),
    usage_events_idempotency_key_key: usageEvent({ id: `'${OTHER}'` }),
    usage_events_tenant_fkey: usageEvent({ id: `'${OTHER}'`, tenant_id: `'${OTHER}'` }),
    usage_events_metric_check: "update stratum.usage_events set metric = ''",
    usage_events_quantity_check: "update stratum.usage_events set quantity = 'NaN'",
    usage_events_idempotency_key_check: "update stratum.usage_events set idempotency_key = ''",
    usage_events_metadata_check: "update stratum.usage_events set metadata = '[]'",
  },
});
