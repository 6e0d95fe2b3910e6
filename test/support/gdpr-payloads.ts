/** Payloads of a schema that pass, and that do not. */
export interface Payloads {
  good: unknown[];
  bad: unknown[];
}

/** Those of the schemas of consents, exports and regions. */
export const GDPR_PAYLOADS: Record<string, Payloads> = {
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
  exportTenantSchema: {
    good: [{}, { include_secrets: true }],
    bad: [{ include_secrets: 1 }, { secrets: true }],
  },
  createRegionSchema: {
    good: [
      { display_name: "EU", slug: "eu" },
      {
        ...{ display_name: "EU", slug: "eu", is_primary: true, status: "draining", metadata: {} },
        ...{ control_plane_url: "https://eu.example.com", database_url: "postgres://u:p@h:5432/d" },
      },
      { display_name: "EU", slug: "eu", control_plane_url: null, database_url: null },
    ],
    bad: [
      { slug: "eu" },
      { display_name: "EU" },
      { display_name: "EU", slug: "EU" },
      { display_name: "EU", slug: "eu", status: "full" },
      { display_name: "EU", slug: "eu", database_url: "https://h/d" },
      { display_name: "EU", slug: "eu", database_url: "[masked]" },
      { display_name: "EU", slug: "eu", control_plane_url: "javascript:alert(1)" },
      { display_name: "EU", slug: "eu", database_url: `postgres://h/${"d".repeat(2048)}` },
    ],
  },
  updateRegionSchema: {
    good: [{}, { database_url: null, control_plane_url: null, expected_version: 1 }],
    bad: [{ slug: "eu" }, { display_name: null }, { database_url: "mysql://h/d" }],
  },
};
