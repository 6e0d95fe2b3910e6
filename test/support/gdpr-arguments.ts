import fc from "fast-check";
import { key, object, rubbish, text, version } from "./hostile";

/** Arguments of the methods of consents: mostly of the right shape. */
export function consentArguments(id: fc.Arbitrary<unknown>) {
  const field = fc.oneof({ weight: 9, arbitrary: fc.constantFrom("a", "b") }, text);
  const time = fc.oneof({ weight: 9, arbitrary: fc.date({ noInvalidDate: true }) }, rubbish);
  const consent = {
    subject_id: field,
    purpose: field,
    expires_at: fc.option(time),
    metadata: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
    expected_version: fc.option(version, { nil: undefined, freq: 6 }),
  };
  const required = { requiredKeys: ["subject_id" as const, "purpose" as const] };
  const page = object({ limit: fc.integer({ min: 1, max: 1000 }), cursor: fc.option(id) });
  return {
    grantConsent: fc.tuple(
      id,
      fc.oneof({ weight: 9, arbitrary: fc.record(consent, required) }, rubbish),
    ),
    revokeConsent: fc.tuple(id, field, field, object({ expected_version: version })),
    listConsent: fc.tuple(id, fc.option(field), page),
    getActiveConsent: fc.tuple(id, field, field),
  };
}

/** Arguments of the methods of exports. */
export function exportArguments(id: fc.Arbitrary<unknown>) {
  const options = object({ include_secrets: fc.boolean() });
  return { exportTenantData: fc.tuple(id, options), exportTenantStream: fc.tuple(id, options) };
}
