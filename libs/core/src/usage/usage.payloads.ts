import { ID, type Payloads } from "../../../../test/support/payloads";

export const USAGE_PAYLOADS: Payloads = {
  recordUsageSchema: {
    good: [
      { metric: "api calls" },
      { metric: "m", quantity: 0, occurred_at: new Date(), idempotency_key: null, metadata: {} },
      { metric: "m", quantity: 1e15 },
    ],
    bad: [
      {},
      { metric: "" },
      { metric: "m", quantity: -1 },
      { metric: "m", quantity: 1e15 + 1 },
      { metric: "m", quantity: Infinity },
      { metric: "m", quantity: NaN },
      { metric: "m", quantity: "1" },
      { metric: "m", occurred_at: "yesterday" },
      { metric: "m", idempotency_key: "" },
      { metric: "m", metadata: [] },
      { metric: "m", tenant_id: ID },
    ],
  },
  aggregateUsageSchema: {
    good: [{ tenant_id: ID }, { tenant_id: ID, metric: "m", from: new Date(), to: null }],
    bad: [{}, { tenant_id: ID, from: "x" }, { tenant_id: ID, include_descendants: 1 }],
  },
};
