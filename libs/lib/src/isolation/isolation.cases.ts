import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";
import { audit, object, rubbish } from "../../../../test/support/hostile";

export const ISOLATION_CASES = featureCases({
  methods: {
    tenantPool: {
      arguments: () => [],
      result: () => has({ query: expect.any(Function) as unknown }),
      refusals: [],
    },
    refreshReferenceTables: {
      arguments: () => [],
      result: () => ({ placements: 0, rows: 0, failures: 0, failed: [] }),
      refusals: [],
      leaves: { states: ["none"], event: false },
    },
    forEachTenant: {
      arguments: (_t, { root }) => [root.id, () => "done"],
      result: () => ({ succeeded: 2, failed: 0, skipped: 0, failures: [] }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, () => "done"] }],
    },
    proveIsolation: {
      arguments: () => [{ attacks: false }],
      result: () => has({ mode: "standard", promises: expect.any(Array) as unknown, findings: [] }),
      refusals: [],
    },
  },
  hostile: (_t, { id }) => ({
    tenantPool: fc.tuple(),
    refreshReferenceTables: fc.tuple(audit),
    forEachTenant: fc.tuple(
      id,
      fc.constant(() => 1),
      object({ concurrency: fc.integer({ min: 1, max: 3 }) }),
    ),
    proveIsolation: fc.tuple(fc.oneof(rubbish, object({ attacks: fc.boolean() }))),
  }),
});
