import type { Payloads } from "../../../../test/support/payloads";

export const PLATFORM_PAYLOADS: Payloads = {
  readOptionsSchema: {
    good: [{}, { consistency: "strong" }, { consistency: "cached" }],
    bad: [null, { consistency: "weak" }, { strong: true }],
  },
};
