import type { Payloads } from "../../../../test/support/payloads";

export const CONFIG_PAYLOADS: Payloads = {
  configKeySchema: {
    good: ["a", "A.b_c:d-e", "k".repeat(255)],
    bad: ["", ".", "..", "a b", "ä", "k".repeat(256), 1],
  },
  setConfigSchema: {
    good: [{ value: null }, { value: 1, locked: true, sensitive: false }],
    bad: [{}, { value: 1, sensitive: 1 }],
  },
  batchConfigEntrySchema: { good: [{ key: "k", value: 1 }], bad: [{ value: 1 }, { key: "k" }] },
  batchSetConfigSchema: { good: [[1]], bad: [[], Array.from({ length: 1001 })] },
  configEntrySchema: "result",
};
