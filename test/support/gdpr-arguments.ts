import fc from "fast-check";
import { key, object, rubbish, slug, text, version } from "./hostile";

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

/** Arguments of the methods of regions: mostly of the right shape. */
export function regionArguments(id: fc.Arbitrary<unknown>, regionIds: readonly string[]) {
  const region = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...regionIds) }, id);
  const url = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("postgres://u:p@h:5432/d", null, undefined) },
    text,
  );
  const fields = {
    display_name: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("EU", "東京") }, text),
    control_plane_url: fc.constantFrom("https://eu.example.com", null, undefined),
    database_url: url,
    is_primary: fc.boolean(),
    status: fc.constantFrom("active", "draining", "inactive"),
    metadata: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
  };
  const required = { requiredKeys: ["display_name" as const, "slug" as const] };
  const creation = fc.record({ ...fields, slug }, required);
  const page = object({ limit: fc.integer({ min: 1, max: 1000 }), cursor: fc.option(id) });
  return {
    createRegion: fc.tuple(fc.oneof({ weight: 9, arbitrary: creation }, rubbish)),
    updateRegion: fc.tuple(region, object({ ...fields, expected_version: version })),
    deleteRegion: fc.tuple(fc.oneof({ weight: 9, arbitrary: id }, region)),
    getRegion: fc.tuple(region),
    listRegions: fc.tuple(page),
    migrateRegion: fc.tuple(id, region),
  };
}
