import { ID, type Payloads } from "../../../../test/support/payloads";

export const RETENTION_PAYLOADS: Payloads = {
  retentionDaysSchema: { good: [1, 36_500], bad: [0, -1, 1.5, 36_501, "90", null] },
  retentionScopeSchema: {
    good: [{}, { tenant_id: ID, include_descendants: true }],
    bad: [{ tenant_id: "x" }, { include_descendants: 1 }, { days: 3 }],
  },
};
