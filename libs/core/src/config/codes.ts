import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const CONFIG_ERRORS = {
  CONFIG_LOCKED: {
    status: 403,
    summary: "A tenant above has locked the key.",
    remedy: "Unlock the key at `source_tenant_id`, or leave the value as it is.",
    details: ["key", "source_tenant_id"],
  },
  CONFIG_NOT_FOUND: {
    status: 404,
    summary: "The tenant has no entry of its own for the key.",
    remedy: "Delete an inherited entry where it is set.",
    details: ["tenant_id", "key"],
  },
  CONFIG_KEY_RESERVED: {
    status: 403,
    summary: "Keys stratum.* are set by a tenant above, or by the platform.",
    remedy: "Use another key, or ask the level above.",
    details: ["tenant_id", "key"],
  },
} as const satisfies Record<string, ErrorDescription>;

/** Scopes of the feature. */
export const CONFIG_SCOPES = ["config:read", "config:write", "config:reveal"] as const;
