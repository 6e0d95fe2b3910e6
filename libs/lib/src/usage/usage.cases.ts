import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";
import { json, key, rubbish, text } from "../../../../test/support/hostile";

export const USAGE_CASES = featureCases({
  methods: {
    recordUsage: {
      roundTrips: 1,
      arguments: (_t, { root }) => [root.id, { metric: "calls" }],
      result: ({ root }) => has({ tenant_id: root.id, metric: "calls", quantity: 1 }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, { metric: "calls" }] }],
      records: "usage_events",
    },
    aggregateUsage: {
      roundTrips: 2,
      arguments: async (t, { root }) => {
        await t.stratum.recordUsage(root.id, { metric: "calls", quantity: 2 });
        return [{ tenant_id: root.id }];
      },
      result: () => [has({ metric: "calls", total: 2, event_count: 1 })],
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [{ tenant_id: UNKNOWN }] }],
    },
  },
  hostile(_t, { id }) {
    const past = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(1e13) });
    const time = fc.oneof({ weight: 9, arbitrary: past }, fc.date(), rubbish);
    const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
    const event = {
      metric: text,
      quantity: fc.oneof({ weight: 9, arbitrary: amount }, json),
      occurred_at: time,
      idempotency_key: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("k", undefined) }, text),
      metadata: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
    };
    const query = { metric: text, from: time, to: time, include_descendants: fc.boolean() };
    const input = fc.record(event, { requiredKeys: ["metric"] });
    const filter = fc.record({ tenant_id: id, ...query }, { requiredKeys: ["tenant_id"] });
    return {
      recordUsage: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: input }, rubbish)),
      aggregateUsage: fc.tuple(fc.oneof({ weight: 9, arbitrary: filter }, rubbish)),
    };
  },
});
