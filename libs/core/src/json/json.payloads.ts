import { deep, type Payloads } from "../../../../test/support/payloads";

export const JSON_PAYLOADS: Payloads = {
  jsonValueSchema: {
    good: [null, 0, "", [], {}, deep(100)],
    bad: [
      undefined,
      NaN,
      Infinity,
      1n,
      new Date(),
      () => 1,
      "\ud800",
      deep(101),
      "x".repeat(65_535),
    ],
  },
  jsonObjectSchema: { good: [{}], bad: [[], null] },
};
