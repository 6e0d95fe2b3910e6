/** Scopes of the feature. */
export const CONSENT_SCOPES = ["consent:read", "consent:write"] as const;
