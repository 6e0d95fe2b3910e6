import { ID, type Payloads } from "../../../../test/support/payloads";

export const OPERATIONS_PAYLOADS: Payloads = {
  listOperationsSchema: {
    good: [{}, { tenant_id: ID, type: "purge", state: "running", limit: 1 }],
    bad: [{ type: "move" }, { state: "pending" }, { tenant_id: null }],
  },
};
