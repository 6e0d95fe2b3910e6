import { z } from "zod";
import { jsonObjectSchema, type JsonObject } from "../json/json-value";
import { printableText } from "../json/text";
import { expectedVersionSchema } from "../tenant/tenant.schemas";
import { instantSchema } from "../time/instant";
import { CONSENT_FIELD_MAX_LENGTH } from "./limits";

/** Whose consent it is, as the host application knows that person. */
export const consentSubjectSchema = printableText(CONSENT_FIELD_MAX_LENGTH);
/** What it is a consent to: `marketing`, `analytics`, or whatever the host application asks for. */
export const consentPurposeSchema = printableText(CONSENT_FIELD_MAX_LENGTH);

/** A consent given again replaces `expires_at` and `metadata`; left out, it does not expire. */
export const grantConsentSchema = z.strictObject({
  subject_id: consentSubjectSchema,
  purpose: consentPurposeSchema,
  expires_at: instantSchema.nullish(),
  metadata: jsonObjectSchema.nullish(),
  expected_version: expectedVersionSchema.optional(),
});
export type GrantConsentInput = z.input<typeof grantConsentSchema>;

/**
 * The consent of a subject to a purpose, as it stands; what became of it before is in the audit log. It is
 * in force while `granted` and not expired. Times are ISO 8601 in UTC.
 */
export interface ConsentRecord {
  readonly id: string;
  readonly tenant_id: string;
  readonly subject_id: string;
  readonly purpose: string;
  /** Whether it was given and has not been revoked; one that has expired stays true. */
  readonly granted: boolean;
  /** When it was last given. */
  readonly granted_at: string;
  readonly revoked_at: string | null;
  readonly expires_at: string | null;
  readonly metadata: JsonObject;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}
