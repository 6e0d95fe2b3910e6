import {
  CONSENT_API,
  consentPurposeSchema,
  consentSubjectSchema,
  grantConsentSchema,
  pageSchema,
  versionedSchema,
  type ConsentApi,
  type ConsentRecord,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { id, jsonObject, named, time, times, version } from "../api/results";

const consent = z.strictObject({
  id,
  tenant_id: id,
  subject_id: z.string(),
  purpose: z.string(),
  granted: z.boolean(),
  granted_at: time,
  revoked_at: time.nullable(),
  expires_at: time.nullable(),
  metadata: jsonObject,
  version,
  ...times,
});
const consentSchema: z.ZodType<ConsentRecord> = consent;
const ofSubject = z.strictObject({
  subject_id: consentSubjectSchema,
  purpose: consentPurposeSchema,
});

named("ConsentRecord", consent);

export const CONSENT_ROUTES = apiRoutes<ConsentApi>({
  tag: "Consent",
  methods: CONSENT_API,
  routes: {
    grantConsent: { body: grantConsentSchema, result: consentSchema },
    revokeConsent: { body: ofSubject.extend(versionedSchema.shape), result: z.boolean() },
    listConsent: {
      query: pageSchema.extend({ subject_id: consentSubjectSchema.nullish() }),
      result: consentSchema,
    },
    getActiveConsent: { query: ofSubject, result: consent.nullable() },
  },
});
