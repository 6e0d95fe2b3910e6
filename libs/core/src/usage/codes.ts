/** Scopes of the feature. */
export const USAGE_SCOPES = ["usage:read", "usage:write"] as const;
