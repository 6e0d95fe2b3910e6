import type { Payloads } from "../../../../test/support/payloads";

export const ISOLATION_PAYLOADS: Payloads = {
  runInTenantSchema: {
    good: [{}, { scope: "subtree", partial: true }],
    bad: [null, { scope: "all" }, { partial: 1 }, { depth: 1 }],
  },
  forEachTenantSchema: {
    good: [{}, { concurrency: 100 }],
    bad: [null, { concurrency: 0 }, { concurrency: 101 }, { concurrency: 1.5 }, { at_once: 1 }],
  },
  rotateContextKeySchema: {
    good: [{}, { overlap_seconds: 45 }, { overlap_seconds: 3600 }],
    bad: [
      null,
      { overlap_seconds: 44 },
      { overlap_seconds: 3601 },
      { overlap_seconds: 60.5 },
      { overlap: 60 },
    ],
  },
  proofSchema: { good: [{}, { attacks: false }], bad: [null, { attacks: 1 }, { attack: true }] },
};
