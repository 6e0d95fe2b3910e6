import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";

export const TENANT_CONTEXT_CASES = featureCases({
  methods: {
    getTenantContext: {
      roundTrips: 2,
      arguments: (_t, { child }) => [child.id],
      result: ({ root, child }) => ({
        tenant: has({ id: child.id }),
        config: {},
        permissions: {},
        ancestors: [has({ id: root.id })],
      }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN] }],
    },
  },
  hostile: (_t, { id }) => ({ getTenantContext: fc.tuple(id) }),
});
