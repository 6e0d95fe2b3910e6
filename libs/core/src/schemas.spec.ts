import fc from "fast-check";
import { GDPR_PAYLOADS, type Payloads } from "../../../test/support/gdpr-payloads";
import * as core from ".";

const ID = "01a20b22-cf88-7d8c-a786-2a35c9eaad16";
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

const CONDITION = { attribute: "a", operator: "eq", value: 1 };

/** Of every schema of inputs: payloads that pass, and payloads that do not. */
const PAYLOADS: Record<string, Payloads> = {
  ...GDPR_PAYLOADS,
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
  purgeTenantSchema: { good: [{}, { subtree: true }], bad: [{ subtree: 1 }, { force: true }] },
  versionedSchema: { good: [{}], bad: [{ expected_version: -1 }, { other: 1 }] },
  positionSchema: { good: [0, 10], bad: [-1, 0.5, 2 ** 31] },
  pageSchema: {
    good: [{}, { limit: 1000, cursor: null }],
    bad: [{ limit: 0 }, { limit: 1001 }, { cursor: 1 }],
  },
  listTenantsSchema: { good: [{ parent_id: null, status: "active" }], bad: [{ status: "gone" }] },
  listOperationsSchema: {
    good: [{}, { tenant_id: ID, type: "purge", state: "running", limit: 1 }],
    bad: [{ type: "move" }, { state: "pending" }, { tenant_id: null }],
  },
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
  listDescendantsSchema: { good: [{ include_archived: true }], bad: [{ include_archived: "yes" }] },
  configKeySchema: {
    good: ["a", "A.b_c:d-e", "k".repeat(255)],
    bad: ["", ".", "..", "a b", "ä", "k".repeat(256), 1],
  },
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
  setConfigSchema: {
    good: [{ value: null }, { value: 1, locked: true, sensitive: false }],
    bad: [{}, { value: 1, sensitive: 1 }],
  },
  masterKeySchema: { good: ["a", "arn:aws:kms:x"], bad: ["", "a b", "\0", 1, "k".repeat(2049)] },
  batchConfigEntrySchema: { good: [{ key: "k", value: 1 }], bad: [{ value: 1 }, { key: "k" }] },
  batchSetConfigSchema: { good: [[1]], bad: [[], Array.from({ length: 1001 })] },
  permissionKeySchema: { good: ["reports.export"], bad: ["", "a b", 1] },
  createPermissionSchema: {
    good: [{ key: "k" }, { key: "k", value: null, mode: "LOCKED", revocation_mode: "SOFT" }],
    bad: [
      {},
      { key: "k", mode: "OPEN" },
      { key: "k", revocation_mode: null },
      { key: "k", value: 1n },
    ],
  },
  updatePermissionSchema: {
    good: [{}, { value: false, force: true }],
    bad: [{ key: "k" }, { mode: "locked" }, { force: "yes" }],
  },
  deletePermissionSchema: { good: [{}, { force: false }], bad: [{ expected_version: 0 }] },
  banPermissionSchema: { good: [{}], bad: [{ force: 1 }, { expected_version: 1 }] },
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
  recordUsageSchema: {
    good: [
      { metric: "api calls" },
      { metric: "m", quantity: 0, occurred_at: new Date(), idempotency_key: null, metadata: {} },
      { metric: "m", quantity: 1e15 },
    ],
    bad: [
      {},
      { metric: "" },
      { metric: "m", quantity: -1 },
      { metric: "m", quantity: 1e15 + 1 },
      { metric: "m", quantity: Infinity },
      { metric: "m", quantity: NaN },
      { metric: "m", quantity: "1" },
      { metric: "m", occurred_at: "yesterday" },
      { metric: "m", idempotency_key: "" },
      { metric: "m", metadata: [] },
      { metric: "m", tenant_id: ID },
    ],
  },
  aggregateUsageSchema: {
    good: [{ tenant_id: ID }, { tenant_id: ID, metric: "m", from: new Date(), to: null }],
    bad: [{}, { tenant_id: ID, from: "x" }, { tenant_id: ID, include_descendants: 1 }],
  },
  retentionDaysSchema: { good: [1, 36_500], bad: [0, -1, 1.5, 36_501, "90", null] },
  retentionScopeSchema: {
    good: [{}, { tenant_id: ID, include_descendants: true }],
    bad: [{ tenant_id: "x" }, { include_descendants: 1 }, { days: 3 }],
  },
  scopeSchema: {
    good: ["read", "admin", "config:write", "platform:admin", "invoices:send-now"],
    bad: ["", "config", "config:wirte", "CONFIG:write", "a:b:c", "*", "x".repeat(101), 1],
  },
  scopesSchema: { good: [[], ["read", "read"]], bad: [["nope"], "read", Array(101).fill("read")] },
  createApiKeySchema: {
    good: [
      {},
      { name: null, scopes: [], rate_limit_window: "1 minute", expires_at: new Date() },
      { name: "n", expiresAt: "2030-01-01T00:00:00Z", rateLimitMax: 1, rateLimitWindow: 60_000 },
    ],
    bad: [
      { name: "" },
      { scopes: ["nope"] },
      { rate_limit_max: 0 },
      { rate_limit_window: "a while" },
      { rate_limit_window: 86_400_001 },
      { expires_at: "soon" },
      { other: 1 },
    ],
  },
  rotateApiKeySchema: {
    good: [{}, { name: "n", overlap_ms: 1000 }],
    bad: [{ overlap_ms: -1 }, { overlap_ms: 2_592_000_001 }, { scopes: [] }],
  },
  revokeApiKeysSchema: { good: [{}, { subtree: true }], bad: [{ subtree: "yes" }] },
  listSchema: { good: [{}, { limit: 1, cursor: ID }], bad: [{ limit: 0 }, { cursor: "x" }] },
  dormantDaysSchema: { good: [undefined, 0, 90], bad: [-1, 1.5, "90"] },
  createRoleSchema: {
    good: [
      { name: "r", scopes: ["read"] },
      { name: "r", scopes: [], tenant_id: ID },
    ],
    bad: [{ name: "r" }, { name: "", scopes: [] }, { name: "r", scopes: ["x"] }],
  },
  updateRoleSchema: { good: [{}, { description: null }], bad: [{ tenant_id: ID }, { name: null }] },
  principalTypeSchema: { good: ["user", "service-account"], bad: ["", "User", "u".repeat(64), 1] },
  principalIdSchema: { good: ["auth0|1"], bad: ["", "p".repeat(256)] },
  instantSchema: { good: [new Date(), "2026-01-01T00:00:00Z"], bad: ["2026-01-01", 1, null] },
  auditContextSchema: {
    good: [{ actor_id: "a", actor_type: "jwt" }],
    bad: [{ actor_id: "a" }, { actor_id: "a", actor_type: "robot" }],
  },
  queryAuditLogsSchema: {
    good: [{}, { from: new Date(), to: "2026-01-01T00:00:00+02:00" }],
    bad: [
      { from: "yesterday" },
      { to: "0000-01-01T00:00:00Z" },
      { from: new Date(Number.NaN) },
      { cursor: "x" },
    ],
  },
  exportAuditLogsSchema: { good: [{}, { action: "a" }], bad: [{ limit: 1 }, { cursor: ID }] },
  recordAuditEventSchema: {
    good: [{ actorId: "a", action: "b", resourceType: "c" }],
    bad: [{}, { actorId: "a", action: "b", resourceType: "c", before: 1n }],
  },
};

describe("the schemas of core", () => {
  const schemas = core as unknown as Record<
    string,
    { safeParse(value: unknown): { success: boolean } }
  >;

  it("are all in the table, save for those of results", () => {
    const inputs = Object.keys(core).filter((name) => name.endsWith("Schema"));
    const results = ["tenantSchema", "configEntrySchema"];
    expect(Object.keys(PAYLOADS).sort()).toEqual(inputs.filter((n) => !results.includes(n)).sort());
  });

  it.each(Object.entries(PAYLOADS))(
    "%s tells good from bad, with a typed error",
    (name, { good, bad }) => {
      const schema = schemas[name]!;
      for (const value of good)
        expect([value, schema.safeParse(value).success]).toEqual([value, true]);
      for (const value of bad) {
        expect(() => core.validate(schema as never, value, "input")).toThrow(core.ValidationError);
      }
    },
  );

  it("name where an argument is wrong", () => {
    const input = { name: "", config: { "bad key": 1 } };
    expect(() => core.validate(core.createTenantSchema, input, "input")).toThrow(
      expect.objectContaining({
        code: "VALIDATION_ERROR",
        statusCode: 400,
        details: {
          argument: "input",
          issues: [
            expect.objectContaining({ path: "name" }),
            expect.objectContaining({ path: "config.bad key" }),
          ],
        },
      }) as Error,
    );
  });

  it("let through only JSON that reads back equal", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
        (value) => {
          if (core.jsonProblem(value) !== null) return;
          expect(core.jsonEqual(JSON.parse(JSON.stringify(value)) as never, value as never)).toBe(
            true,
          );
        },
      ),
    );
  });

  it("stop at cycles and at hostile nesting", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(core.jsonProblem(cycle)).toContain("deep");
    expect(core.jsonProblem(deep(5000))).toContain("deep");
  });
});

describe("jsonEqual", () => {
  it("holds for copies with their keys in another order, and for nothing else", () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<core.JsonValue>;
    const reversed = (value: core.JsonValue): core.JsonValue =>
      typeof value !== "object" || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(Object.entries(value).reverse());
    fc.assert(
      fc.property(json, (value) => expect(core.jsonEqual(value, reversed(value))).toBe(true)),
    );
    fc.assert(
      fc.property(json, json, (a, b) => {
        const same = (value: core.JsonValue) =>
          JSON.stringify(value, (_, inner: unknown) =>
            typeof inner === "object" && inner !== null && !Array.isArray(inner)
              ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
              : inner,
          );
        expect(core.jsonEqual(a, b)).toBe(same(a) === same(b));
      }),
    );
  });
});

describe("the transitions of a tenant's status", () => {
  it.each([
    ["suspend", ["active"]],
    ["archive", ["active", "suspended"]],
    ["resume", ["suspended", "archived"]],
  ] as const)("%s starts from %s alone", (operation, from) => {
    const allowed = core.TENANT_STATUSES.filter((status) => core.canTransition(operation, status));
    expect(allowed).toEqual(from);
  });
});
