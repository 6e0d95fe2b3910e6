import fc from "fast-check";
import { featureCases, has, UNKNOWN, type Tree } from "../../../../test/support/cases";
import { object, rubbish } from "../../../../test/support/hostile";

const ofRoot = (_t: unknown, { root }: Tree): [string] => [root.id];
const unknownTenant = { code: "TENANT_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;
const EXPORTED = { states: ["none"], event: false, steps: true } as const;

export const GDPR_CASES = featureCases({
  methods: {
    exportTenantData: {
      arguments: ofRoot,
      result: ({ root }) => has({ manifest: has({ tenant_id: root.id }) }),
      refusals: [unknownTenant],
      leaves: EXPORTED,
    },
    exportTenantStream: {
      arguments: ofRoot,
      result: ({ root }) => expect.stringContaining(root.id) as unknown,
      refusals: [unknownTenant],
      leaves: EXPORTED,
    },
    purgeTenant: {
      arguments: (_t, { child }) => [child.id],
      result: ({ child }) => has({ tenant_id: child.id }),
      refusals: [unknownTenant, { code: "TENANT_HAS_CHILDREN", arguments: ofRoot }],
      leaves: { states: ["before after", "after"], event: true, steps: true },
    },
    getPurgeCertificate: {
      roundTrips: 1,
      arguments: async (t, { child }) => {
        await t.stratum.purgeTenant(child.id);
        return [child.id];
      },
      result: ({ child }) => has({ tenant_id: child.id }),
      refusals: [{ code: "PURGE_CERTIFICATE_NOT_FOUND", arguments: () => [UNKNOWN] }],
    },
  },
  hostile(_t, { id, doomed }) {
    const options = object({ include_secrets: fc.boolean() });
    const purged = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...doomed, UNKNOWN) }, rubbish);
    return {
      exportTenantData: fc.tuple(id, options),
      exportTenantStream: fc.tuple(id, options),
      // None of the tenants that stay: later inputs would find nothing.
      purgeTenant: fc.tuple(purged, object({ subtree: fc.boolean() })),
      getPurgeCertificate: fc.tuple(fc.oneof(purged, id)),
    };
  },
});
