import fc from "fast-check";
import { featureCases, has } from "../../../../test/support/cases";
import { text } from "../../../../test/support/hostile";
import { withShortOverlaps } from "../../../../test/support/short-overlaps";

export const CONTEXT_KEY_ROTATION_CASES = featureCases({
  methods: {
    rotateContextKey: {
      arguments: async (t) => {
        await t.stratum.tenantPool();
        return [];
      },
      around: async (t, call) => withShortOverlaps(t, 0, call),
      result: () =>
        has({ key_id: expect.any(String) as unknown, databases: 0, unreached_count: 0 }),
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => [{ overlap_seconds: 44 }] }],
      leaves: { states: ["before after"], event: true, steps: true },
    },
  },
  hostile() {
    const seconds = fc.oneof(fc.integer({ max: 44 }), fc.constant(NaN), text);
    // A rotation that is accepted takes a minute, so that none is.
    return {
      rotateContextKey: fc.tuple(fc.oneof(text, fc.record({ overlap_seconds: seconds }))),
    };
  },
});
