import type { Payloads } from "../../../../test/support/payloads";

export const TIME_PAYLOADS: Payloads = {
  instantSchema: { good: [new Date(), "2026-01-01T00:00:00Z"], bad: ["2026-01-01", 1, null] },
};
