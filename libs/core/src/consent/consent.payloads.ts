import type { Payloads } from "../../../../test/support/payloads";

export const CONSENT_PAYLOADS: Payloads = {
  consentSubjectSchema: { good: ["user-1", "東京"], bad: ["", "s".repeat(256), 1, null] },
  consentPurposeSchema: { good: ["marketing"], bad: ["", "p".repeat(256)] },
  grantConsentSchema: {
    good: [
      { subject_id: "s", purpose: "p" },
      { subject_id: "s", purpose: "p", expires_at: new Date(), metadata: { form: 3 } },
      { subject_id: "s", purpose: "p", expires_at: null, metadata: null, expected_version: 1 },
    ],
    bad: [
      {},
      { subject_id: "s" },
      { subject_id: "", purpose: "p" },
      { subject_id: "s", purpose: "p", expires_at: "soon" },
      { subject_id: "s", purpose: "p", metadata: [] },
      { subject_id: "s", purpose: "p", granted: true },
    ],
  },
};
