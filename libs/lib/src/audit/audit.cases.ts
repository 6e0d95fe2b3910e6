import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";
import {
  json,
  metadata,
  name,
  object,
  optional,
  page,
  rubbish,
  text,
} from "../../../../test/support/hostile";

const EVENT = { actorId: "a", action: "login", resourceType: "session" };
const WITHOUT_STATES = { states: ["none"], event: false } as const;

export const AUDIT_CASES = featureCases({
  methods: {
    queryAuditLogs: {
      roundTrips: 2,
      arguments: (_t, { root }) => [{ tenant_id: root.id }],
      result: ({ root }) => [has({ tenant_id: root.id, action: "tenant.created" })],
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [{ tenant_id: UNKNOWN }] },
        { code: "VALIDATION_ERROR", arguments: () => [{ limit: 0 }] },
      ],
    },
    getAuditEntry: {
      roundTrips: 1,
      arguments: async (t) => [(await t.stratum.recordAuditEvent(EVENT)).id],
      result: (_tree, [id]) => has({ id, action: "login", resource_type: "session" }),
      refusals: [{ code: "AUDIT_ENTRY_NOT_FOUND", arguments: () => [UNKNOWN] }],
    },
    exportAuditLogs: {
      arguments: (_t, { root }) => [{ tenant_id: root.id }],
      result: ({ root }) => expect.stringContaining(root.id) as unknown,
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [{ tenant_id: UNKNOWN }] }],
      leaves: WITHOUT_STATES,
    },
    recordAuditEvent: {
      roundTrips: 3,
      arguments: () => [EVENT],
      result: () => has({ actor_id: "a", action: "login", resource_type: "session" }),
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [{ ...EVENT, tenantId: UNKNOWN }] },
        { code: "VALIDATION_ERROR", arguments: () => [{ ...EVENT, action: "" }] },
      ],
      leaves: WITHOUT_STATES,
    },
  },
  hostile(_t, { id }) {
    const filters = {
      tenant_id: id,
      action: text,
      from: fc.date(),
      include_descendants: fc.boolean(),
    };
    const event = fc.record(
      {
        actorId: name,
        action: name,
        resourceType: name,
        tenantId: fc.option(id),
        before: optional(json),
        metadata: optional(metadata),
      },
      { requiredKeys: ["actorId", "action", "resourceType"] },
    );
    return {
      queryAuditLogs: fc.tuple(object({ ...page, ...filters })),
      getAuditEntry: fc.tuple(id),
      exportAuditLogs: fc.tuple(object(filters)),
      recordAuditEvent: fc.tuple(fc.oneof({ weight: 8, arbitrary: event }, rubbish)),
    };
  },
});
