import { ID, type Payloads } from "../../../../test/support/payloads";

const CONDITION = { attribute: "a", operator: "eq", value: 1 };

export const ABAC_PAYLOADS: Payloads = {
  abacPatternSchema: {
    good: ["*", "invoice", "invoice*", "a.b_c:d-e", "p".repeat(255)],
    bad: ["", "**", "*a", "a*b", "a b", "ä", "p".repeat(256), 1],
  },
  abacConditionSchema: {
    good: [
      { attribute: "subject.a.b", operator: "eq", value: null },
      { attribute: "東京 1", operator: "in", value: [] },
      { attribute: "a", operator: "not_in", value: [[1], { b: 2 }] },
      { attribute: "a", operator: "gt", value: 1 },
      { attribute: "a", operator: "lte", value: "2026-01-01" },
      { attribute: "a", operator: "contains", value: { b: 1 } },
    ],
    bad: [
      { attribute: "a", operator: "eq" },
      { attribute: "a", operator: "like", value: "x" },
      { attribute: "a", operator: "in", value: "x" },
      { attribute: "a", operator: "not_in", value: { length: 1 } },
      { attribute: "a", operator: "gte", value: true },
      { attribute: "a", operator: "lt", value: [1] },
      { attribute: "a", operator: "eq", value: 1n },
      ...["", " ", ".", "a.", ".a", "a..b", "\u0000", "a".repeat(256)].map((attribute) => ({
        attribute,
        operator: "eq",
        value: 1,
      })),
    ],
  },
  createAbacPolicySchema: {
    good: [
      { name: "n: any", resource_type: "*", action: "read", effect: "deny" },
      {
        ...{ name: "n", resource_type: "a*", action: "*", effect: "allow", mode: "LOCKED" },
        ...{ priority: -5, conditions: Array(50).fill(CONDITION) },
      },
    ],
    bad: [
      {},
      { name: "", resource_type: "*", action: "*", effect: "allow" },
      { name: "n", resource_type: "*", action: "*", effect: "permit" },
      { name: "n", resource_type: "*", action: "*", effect: "allow", mode: "OPEN" },
      { name: "n", resource_type: "*", action: "*", effect: "allow", priority: 0.5 },
      { name: "n", resource_type: "*", action: "*", effect: "allow", priority: 2 ** 31 },
      { name: "n", resource_type: "*", action: "*", effect: "allow", tenant_id: ID },
      {
        ...{ name: "n", resource_type: "*", action: "*", effect: "allow" },
        conditions: Array(51).fill(CONDITION),
      },
      {
        ...{ name: "n", resource_type: "*", action: "*", effect: "allow" },
        conditions: Array(2).fill({ ...CONDITION, value: "x".repeat(40_000) }),
      },
    ],
  },
  deleteAbacPolicySchema: { good: [{}, { expected_version: 2 }], bad: [{ force: true }] },
  abacRequestSchema: {
    good: [
      { subject: {}, resource: {}, action: "read" },
      {
        subject: { a: { b: 1n } },
        resource: Object.create(null) as object,
        action: "a b",
        environment: {},
      },
    ],
    bad: [
      {},
      { subject: {}, resource: {}, action: "" },
      { subject: [], resource: {}, action: "a" },
      { subject: {}, resource: null, action: "a" },
      { subject: new Date(), resource: {}, action: "a" },
      { subject: {}, resource: {}, action: "a", environment: "here" },
      { subject: {}, resource: {}, action: "a", context: {} },
      { subject: {}, resource: {}, action: "a".repeat(256) },
    ],
  },
};
