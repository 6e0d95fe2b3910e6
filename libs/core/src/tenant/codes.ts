import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const TENANT_ERRORS = {
  TENANT_NOT_FOUND: {
    status: 404,
    summary: "No tenant has this id, slug or external id, or the caller cannot see it.",
    remedy: "Check the value that was looked up.",
    details: ["tenant_id", "slug", "external_id"],
  },
  TENANT_ALREADY_EXISTS: {
    status: 409,
    summary: "The slug, or the external id under the same root, is taken.",
    remedy: "Choose another value, or leave `slug` out to have one derived from the name.",
    details: ["field", "value"],
  },
  TENANT_HAS_CHILDREN: {
    status: 409,
    summary: "The tenant has (active) children and { subtree: true } was not given.",
    remedy: "Pass `{ subtree: true }` to take the whole subtree.",
    details: ["tenant_id", "operation"],
  },
  TENANT_ON_LEGAL_HOLD: {
    status: 409,
    summary: "The tenant, one above it or one below it is on legal hold.",
    remedy: "Have the hold lifted by who laid it on: `updateTenant(id, { legal_hold: false })`.",
    details: ["tenant_id", "operation"],
  },
  TENANT_CYCLE_DETECTED: {
    status: 409,
    summary: "A tenant cannot move below itself or one of its descendants.",
    remedy: "Choose a parent outside the tenant's own subtree.",
    details: ["tenant_id", "new_parent_id"],
  },
  TENANT_DEPTH_EXCEEDED: {
    status: 422,
    summary: "A tree has at most 20 levels.",
    remedy: "Choose a parent nearer to the root.",
    details: ["depth", "max_depth"],
  },
  TENANT_SUSPENDED: {
    status: 403,
    summary: "The tenant, or one above it, is suspended.",
    remedy: "Call `resumeTenant` on the tenant in the details.",
    details: ["tenant_id"],
  },
  TENANT_ARCHIVED: {
    status: 410,
    summary: "The tenant, or one above it, is archived.",
    remedy: "Read it with `includeArchived`, or call `resumeTenant`.",
    details: ["tenant_id"],
  },
  INVALID_TENANT_STATE: {
    status: 409,
    summary: "The operation does not apply to a tenant of this status.",
    remedy: "Bring the tenant to one of `allowed_from` first.",
    details: ["tenant_id", "from", "operation", "allowed_from"],
  },
  TENANT_TREE_BUSY: {
    status: 503,
    summary: "Another operation held the tree's lock for longer than 5 seconds.",
    remedy: "Try again.",
    details: ["waited_ms"],
  },
  TENANT_LIMIT_EXCEEDED: {
    status: 409,
    summary: "A tenant above allows no more descendants (stratum.max_descendants).",
    remedy: "Ask a level above that tenant to raise `stratum.max_descendants`.",
    details: ["tenant_id", "limit"],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const TENANT_SCOPES = [
  "tenants:read",
  "tenants:write",
  "tenants:impersonate",
  "ancestors:read",
] as const;
