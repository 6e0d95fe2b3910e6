import { StratumError, tenantAbove } from "../errors/stratum-error";

/** Details: `{ key, source_tenant_id }`: who holds the lock; null to who may not know that tenant. */
export class PermissionLockedError extends StratumError {
  constructor(key: string, sourceTenantId: string | null) {
    super(
      "PERMISSION_LOCKED",
      `Permission "${key}" is locked by ${tenantAbove(sourceTenantId)}. Change its policy there.`,
      { key, source_tenant_id: sourceTenantId },
    );
  }
}

/**
 * Details: `{ key, source_tenant_id }`: whose policy does not delegate it; null where nobody above has
 * one (`origin` in the constructor), or to who may not know that tenant.
 */
export class PermissionNotDelegatedError extends StratumError {
  constructor(key: string, sourceTenantId: string | null, origin = false) {
    super(
      "PERMISSION_NOT_DELEGATED",
      origin
        ? `No tenant above has a policy for "${key}", and only a root or the platform introduces keys. Create it there.`
        : `"${key}" is passed on by ${tenantAbove(sourceTenantId)} for another value alone. ` +
            "Use mode INHERITED, or have its policy changed to DELEGATED there.",
      { key, source_tenant_id: sourceTenantId },
    );
  }
}

/** Details: `{ key, source_tenant_id }`: who bans it; null to who may not know that tenant. */
export class PermissionBannedError extends StratumError {
  constructor(key: string, sourceTenantId: string | null) {
    super(
      "PERMISSION_BANNED",
      `Permission "${key}" is banned at ${tenantAbove(sourceTenantId)} and below. Call liftPermissionBan there first.`,
      { key, source_tenant_id: sourceTenantId },
    );
  }
}

/** Details: `{ tenant_id, policy_id }`, or `{ tenant_id, key }` of a ban. */
export class PermissionNotFoundError extends StratumError {
  constructor(lookup: { tenant_id: string } & ({ policy_id: string } | { key: string })) {
    super(
      "PERMISSION_NOT_FOUND",
      "policy_id" in lookup
        ? `Tenant ${lookup.tenant_id} has no policy of its own with id ${lookup.policy_id}. An inherited one is changed where it belongs.`
        : `Tenant ${lookup.tenant_id} does not itself ban "${lookup.key}". A ban is lifted where it was made.`,
      lookup,
    );
  }
}

/** Details: `{ tenant_id, key }`. */
export class PermissionAlreadyExistsError extends StratumError {
  constructor(tenantId: string, key: string) {
    super(
      "PERMISSION_ALREADY_EXISTS",
      `Tenant ${tenantId} has a policy for "${key}". Call updatePermission instead.`,
      { tenant_id: tenantId, key },
    );
  }
}

/** Details: `{ key, tenant_id, policy_id }` of the PERMANENT policy. */
export class PermissionRevocationDeniedError extends StratumError {
  constructor(policy: { key: string; tenant_id: string; policy_id: string }) {
    super(
      "PERMISSION_REVOCATION_DENIED",
      `The policy for "${policy.key}" of tenant ${policy.tenant_id} is PERMANENT. The platform may pass { force: true }.`,
      policy,
    );
  }
}
