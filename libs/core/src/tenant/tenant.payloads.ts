import { ID, type Payloads } from "../../../../test/support/payloads";

export const TENANT_PAYLOADS: Payloads = {
  tenantIdSchema: { good: [ID, ID.toUpperCase()], bad: ["", "x", ID.slice(1), 1, null] },
  slugSchema: {
    good: ["a", "a_1", `a${"b".repeat(62)}`],
    bad: ["", "A", "1a", "a-b", `a${"b".repeat(63)}`, 1],
  },
  tenantNameSchema: {
    good: ["a", "東京", "🧑".repeat(255)],
    bad: ["", "  ", "a".repeat(256), "\u0000", "\ud800", 1],
  },
  externalIdSchema: { good: ["crm-1"], bad: ["", "e".repeat(256)] },
  metadataSchema: {
    good: [{}, { a: [1, null] }],
    bad: [[], null, 1, { a: undefined }, { a: "\u0000" }, { a: "x".repeat(70_000) }],
  },
  expectedVersionSchema: { good: [1], bad: [0, 1.5, "1", 2 ** 31] },
  createTenantSchema: {
    good: [
      { name: "a" },
      { name: "a", parent_id: null, config: { k: null, "stratum.max_descendants": 3 } },
    ],
    bad: [
      {},
      { name: "a", extra: 1 },
      { name: "a", config: { "bad key": 1 } },
      { name: "a", config: { "stratum.x": 1 } },
      { name: "a", isolation_strategy: "NONE" },
      { name: "a", region_id: "eu" },
    ],
  },
  batchTenantSchema: {
    good: [{ name: "a", parent_index: 0 }],
    bad: [
      { name: "a", parent_index: -1 },
      { name: "a", parent_index: 0, parent_id: ID },
    ],
  },
  batchCreateTenantsSchema: { good: [[1]], bad: [[], Array.from({ length: 1001 }), {}] },
  updateTenantSchema: {
    good: [{}, { external_id: null }, { legal_hold: true }],
    bad: [{ parent_id: ID }, { name: null }, { legal_hold: "yes" }],
  },
  tenantStatusSchema: {
    good: [{}, { subtree: true, reason: "r" }],
    bad: [{ subtree: 1 }, { reason: "" }],
  },
  versionedSchema: { good: [{}], bad: [{ expected_version: -1 }, { other: 1 }] },
  positionSchema: { good: [0, 10], bad: [-1, 0.5, 2 ** 31] },
  pageSchema: {
    good: [{}, { limit: 1000, cursor: null }],
    bad: [{ limit: 0 }, { limit: 1001 }, { cursor: 1 }],
  },
  listTenantsSchema: { good: [{ parent_id: null, status: "active" }], bad: [{ status: "gone" }] },
  listDescendantsSchema: { good: [{ include_archived: true }], bad: [{ include_archived: "yes" }] },
  tenantSchema: "result",
};
