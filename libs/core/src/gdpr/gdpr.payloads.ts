import type { Payloads } from "../../../../test/support/payloads";

export const GDPR_PAYLOADS: Payloads = {
  purgeTenantSchema: { good: [{}, { subtree: true }], bad: [{ subtree: 1 }, { force: true }] },
  exportTenantSchema: {
    good: [{}, { include_secrets: true }],
    bad: [{ include_secrets: 1 }, { secrets: true }],
  },
};
