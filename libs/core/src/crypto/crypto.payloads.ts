import type { Payloads } from "../../../../test/support/payloads";

export const CRYPTO_PAYLOADS: Payloads = {
  masterKeySchema: { good: ["a", "arn:aws:kms:x"], bad: ["", "a b", "\0", 1, "k".repeat(2049)] },
};
