import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const ACCESS_ERRORS = {
  UNAUTHORIZED: {
    status: 401,
    summary: "Nobody is authenticated.",
    remedy: "Run the code on behalf of an actor: `runAs(actor, work)`.",
    details: [],
  },
  IDENTITY_PROVIDER_UNAVAILABLE: {
    status: 503,
    summary: "The keys that tokens are verified with cannot be read.",
    remedy: "Check `jwksUrl`, and that it can be reached; then try again.",
    details: ["url"],
  },
  SCOPE_ESCALATION: {
    status: 403,
    summary: "The caller grants a scope that it does not hold, or the platform's to a tenant.",
    remedy: "Leave out what `missing` lists, or let someone grant it who holds it.",
    details: ["missing"],
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    summary: "No API key has this id, or the caller cannot see it.",
    remedy: "Check the id.",
    details: ["key_id"],
  },
  API_KEY_NOT_ACTIVE: {
    status: 409,
    summary: "The API key is revoked, expired or rotated.",
    remedy: "Create a new one.",
    details: ["key_id", "state"],
  },
  ROLE_NOT_FOUND: {
    status: 404,
    summary: "No role has this id, or it does not serve the tenant, or the caller cannot see it.",
    remedy: "Use a role of the tenant, of one above it, or a global one: `listRoles(tenantId)`.",
    details: ["role_id"],
  },
  ROLE_ALREADY_EXISTS: {
    status: 409,
    summary: "The tenant has a role of this name.",
    remedy: "Choose another name.",
    details: ["name", "tenant_id"],
  },
  ROLE_IN_USE: {
    status: 409,
    summary: "API keys or principals have the role.",
    remedy: "Take it from them first, or take its scopes away with `updateRole`.",
    details: ["role_id", "api_keys", "principals"],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const ACCESS_SCOPES = ["keys:read", "keys:write", "roles:read", "roles:write"] as const;
