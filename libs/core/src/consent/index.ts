/** Consent. */
export * from "./limits";
export {
  consentPurposeSchema,
  consentSubjectSchema,
  grantConsentSchema,
  type ConsentRecord,
  type GrantConsentInput,
} from "./consent.schemas";
