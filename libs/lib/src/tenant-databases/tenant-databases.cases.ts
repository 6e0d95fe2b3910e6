import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";

export const TENANT_DATABASES_CASES = featureCases({
  methods: {
    provisionTenant: {
      arguments: async (t, { child }) => {
        // As if its process had died before the tenant was active.
        await t.rows("update stratum.tenants set status = 'provisioning' where id = $1", [
          child.id,
        ]);
        return [child.id];
      },
      result: ({ child }) => has({ id: child.id, status: "active" }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN] }],
      leaves: { states: ["before after"], event: true, steps: true },
    },
  },
  hostile: (_t, { id }) => ({ provisionTenant: fc.tuple(id) }),
});
