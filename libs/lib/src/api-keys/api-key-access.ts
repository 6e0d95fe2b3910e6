import { ApiKeyNotActiveError, type ApiKey } from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { noteProbe } from "../context/probes";
import { isVisible } from "../tenancy/access";
import type { ApiKeyRow } from "./api-key.store";

/**
 * Whether the caller, who asked for the key by its id, may know of it: those of the platform are the
 * platform's. Where it may not, that is a probe.
 */
export function isKeyVisible(caller: Caller, { id, path }: ApiKeyRow): boolean {
  if (path === null ? caller.bound_to === null : isVisible(caller, path)) return true;
  noteProbe(caller, { resource_type: "api_key", resource_id: id });
  return false;
}

/** A key as callers see it. */
export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    tenant_id: row.tenant_id,
    name: row.name,
    key_prefix: row.key_prefix,
    key_hint: row.key_hint,
    scopes: row.scopes,
    role_id: row.role_id,
    rate_limit_max: row.rate_limit_max,
    rate_limit_window: row.rate_limit_window,
    expires_at: row.expires_at,
    last_used_at: row.last_used_at,
    revoked_at: row.revoked_at,
    replaced_by: row.replaced_by,
    created_at: row.created_at,
  };
}

/** Refuses a key that does not work any more, or that has a successor. @throws ApiKeyNotActiveError */
export function requireUsable(key: ApiKeyRow): void {
  if (key.replaced_by !== null) throw new ApiKeyNotActiveError(key.id, "rotated");
  if (key.revoked_at !== null) throw new ApiKeyNotActiveError(key.id, "revoked");
  if (key.expired) throw new ApiKeyNotActiveError(key.id, "expired");
}
