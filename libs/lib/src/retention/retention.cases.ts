import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";
import { grownOld } from "../../../../test/support/grown-old";
import { audit, flag, object, rubbish } from "../../../../test/support/hostile";

const DELETED = { states: ["before"], event: false } as const;

export const RETENTION_CASES = featureCases({
  methods: {
    purgeExpiredData: {
      arguments: async (t, { root }) => {
        await grownOld(t, { table: "webhook_events", tenantId: root.id, days: 91 });
        return [90, { tenant_id: root.id }];
      },
      result: () => has({ deleted_count: 1 }),
      refusals: [
        { code: "VALIDATION_ERROR", arguments: () => [0] },
        { code: "TENANT_NOT_FOUND", arguments: () => [90, { tenant_id: UNKNOWN }] },
      ],
      leaves: DELETED,
    },
    purgeExpiredAuditLogs: {
      arguments: async (t, { root }) => {
        await grownOld(t, { table: "audit_logs", tenantId: root.id, days: 401, count: 3 });
        return [{ tenant_id: root.id }];
      },
      result: () => has({ deleted_count: 3 }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [{ tenant_id: UNKNOWN }] }],
      leaves: DELETED,
    },
  },
  hostile(_t, { id }) {
    const scope = object({ tenant_id: id, include_descendants: flag });
    const days = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 400 }) }, rubbish);
    return {
      purgeExpiredData: fc.tuple(days, scope, audit),
      purgeExpiredAuditLogs: fc.tuple(scope, audit),
    };
  },
});
