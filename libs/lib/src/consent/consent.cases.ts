import fc from "fast-check";
import { featureCases, has, UNKNOWN, type Tree } from "../../../../test/support/cases";
import { key, listAfter, object, rubbish, text, version } from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

const CONSENT = { subject_id: "s", purpose: "p" };

/** Grants a consent, and answers what names it. */
async function granted(t: StratumFixture, { root }: Tree): Promise<[string, string, string]> {
  await t.stratum.grantConsent(root.id, CONSENT);
  return [root.id, CONSENT.subject_id, CONSENT.purpose];
}

export const CONSENT_CASES = featureCases({
  methods: {
    grantConsent: {
      roundTrips: 7,
      arguments: (_t, { root }) => [root.id, CONSENT],
      result: ({ root }) => has({ ...CONSENT, tenant_id: root.id, version: 1 }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, CONSENT] }],
      leaves: { states: ["after"], event: true },
    },
    revokeConsent: {
      roundTrips: 7,
      arguments: granted,
      result: () => true,
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, "s", "p"] }],
      leaves: { states: ["before after"], event: true },
    },
    listConsent: {
      roundTrips: 2,
      arguments: async (t, tree) => {
        const [id, subject] = await granted(t, tree);
        return [id, subject];
      },
      result: ({ root }) => [has({ ...CONSENT, tenant_id: root.id })],
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN] }],
    },
    getActiveConsent: {
      roundTrips: 1,
      arguments: granted,
      result: ({ root }) => has({ ...CONSENT, tenant_id: root.id }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, "s", "p"] }],
    },
  },
  hostile(_t, { id }) {
    const field = fc.oneof({ weight: 9, arbitrary: fc.constantFrom("a", "b") }, text);
    const time = fc.oneof({ weight: 9, arbitrary: fc.date({ noInvalidDate: true }) }, rubbish);
    const consent = {
      subject_id: field,
      purpose: field,
      expires_at: fc.option(time),
      metadata: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
      expected_version: fc.option(version, { nil: undefined, freq: 6 }),
    };
    const input = fc.record(consent, { requiredKeys: ["subject_id", "purpose"] });
    return {
      grantConsent: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: input }, rubbish)),
      revokeConsent: fc.tuple(id, field, field, object({ expected_version: version })),
      listConsent: fc.tuple(id, fc.option(field), listAfter(id)),
      getActiveConsent: fc.tuple(id, field, field),
    };
  },
});
