import { ID, type Payloads } from "../../../../test/support/payloads";

export const ACCESS_PAYLOADS: Payloads = {
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
};
