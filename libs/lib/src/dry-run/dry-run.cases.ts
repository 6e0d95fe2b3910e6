import fc from "fast-check";
import { featureCases, has, UNKNOWN } from "../../../../test/support/cases";
import { rubbish } from "../../../../test/support/hostile";

export const DRY_RUN_CASES = featureCases({
  methods: {
    dryRun: {
      arguments: (t, { root, child }) => [
        () => t.stratum.updateTenant(child.id, { name: `below ${root.name}` }),
      ],
      result: ({ root, child }) => ({
        changes: [
          {
            ...{ action: "tenant.updated", resource_type: "tenant" },
            ...{ resource_id: child.id, tenant_id: child.id },
            before: has({ name: child.name }),
            after: has({ name: `below ${root.name}` }),
          },
        ],
        events: [has({ type: "tenant.updated", tenant_id: child.id })],
        affected_tenants: {
          count: 1,
          sample: [{ id: child.id, name: `below ${root.name}`, slug: child.slug }],
        },
      }),
      refusals: [
        { code: "VALIDATION_ERROR", arguments: () => [() => undefined] },
        {
          code: "TENANT_NOT_FOUND",
          arguments: (t) => [() => t.stratum.updateTenant(UNKNOWN, { name: "n" })],
        },
      ],
    },
  },
  hostile: (t, { id }) => ({
    dryRun: fc.tuple(
      fc.oneof(
        rubbish,
        id.map((each) => () => t.stratum.updateTenant(each as string, { name: "n" })),
      ),
    ),
  }),
});
