import { ID, type Payloads } from "../../../../test/support/payloads";

export const AUDIT_PAYLOADS: Payloads = {
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
