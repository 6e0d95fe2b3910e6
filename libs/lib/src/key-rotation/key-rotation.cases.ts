import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";
import { text } from "../../../../test/support/hostile";

const CHANGED = { states: ["before after"], event: false } as const;

export const KEY_ROTATION_CASES = featureCases({
  methods: {
    rotateEncryptionKey: {
      arguments: () => [],
      result: () =>
        has({
          master_key_id: expect.any(String) as unknown,
          data_keys_rotated: expect.any(Number) as unknown,
        }),
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => ["not a key"] }],
      leaves: CHANGED,
    },
    rotateDataKey: {
      arguments: (_t, { root }) => [root.id],
      result: () => has({ values_rotated: 0, values_unreadable: 0 }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN] }],
      leaves: CHANGED,
    },
  },
  hostile: (_t, { id }) => ({
    rotateEncryptionKey: fc.tuple(text),
    rotateDataKey: fc.tuple(id),
  }),
});
