import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const ABAC_ERRORS = {
  ABAC_POLICY_LOCKED: {
    status: 403,
    summary: "A tenant above has locked the ABAC policy.",
    remedy: "Replace the policy at `source_tenant_id`.",
    details: ["key", "source_tenant_id"],
  },
  ABAC_POLICY_NOT_FOUND: {
    status: 404,
    summary: "The tenant has no such ABAC policy of its own.",
    remedy: "Delete an inherited policy where it belongs.",
    details: ["tenant_id", "policy_id"],
  },
  ABAC_POLICY_ALREADY_EXISTS: {
    status: 409,
    summary: "The tenant has an ABAC policy of this resource type, action and name already.",
    remedy: "Choose another name, or call `deleteAbacPolicy` first.",
    details: ["tenant_id", "key"],
  },
} as const satisfies Record<string, ErrorDescription>;
