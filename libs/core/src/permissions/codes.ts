import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const PERMISSIONS_ERRORS = {
  PERMISSION_LOCKED: {
    status: 403,
    summary: "A tenant above has locked the permission.",
    remedy: "Change the policy at `source_tenant_id`.",
    details: ["key", "source_tenant_id"],
  },
  PERMISSION_NOT_DELEGATED: {
    status: 403,
    summary: "The policy above does not let tenants below decide this, or nobody above has one.",
    remedy:
      "Use mode INHERITED, have the policy above changed to DELEGATED, or create the key at the root.",
    details: ["key", "source_tenant_id"],
  },
  PERMISSION_BANNED: {
    status: 403,
    summary: "The permission is banned at the tenant or above it.",
    remedy: "Call `liftPermissionBan` at `source_tenant_id`.",
    details: ["key", "source_tenant_id"],
  },
  PERMISSION_NOT_FOUND: {
    status: 404,
    summary: "The tenant has no such policy, or no such ban, of its own.",
    remedy: "Change an inherited policy where it belongs; lift a ban where it was made.",
    details: ["tenant_id", "policy_id", "key"],
  },
  PERMISSION_ALREADY_EXISTS: {
    status: 409,
    summary: "The tenant has a policy for the permission already.",
    remedy: "Call `updatePermission`.",
    details: ["tenant_id", "key"],
  },
  PERMISSION_REVOCATION_DENIED: {
    status: 403,
    summary: "The policy is PERMANENT: it cannot be deleted, banned or changed.",
    remedy: "Let the platform pass `{ force: true }`.",
    details: ["key", "tenant_id", "policy_id"],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const PERMISSIONS_SCOPES = ["permissions:read", "permissions:write"] as const;
