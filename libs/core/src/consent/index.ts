/** Consent. */
export * from "./limits";
export {
  consentPurposeSchema,
  consentSubjectSchema,
  grantConsentSchema,
  type ConsentRecord,
  type GrantConsentInput,
} from "./consent.schemas";
export { CONSENT_API, type ConsentApi } from "./api";
