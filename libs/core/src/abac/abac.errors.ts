import { StratumError, tenantAbove } from "../errors/stratum-error";

/**
 * Details: `{ key, source_tenant_id }`: `resource_type:action:name`, and who holds the lock; null to who
 * may not know that tenant.
 */
export class AbacPolicyLockedError extends StratumError {
  constructor(key: string, sourceTenantId: string | null) {
    super(
      "ABAC_POLICY_LOCKED",
      `ABAC policy "${key}" is locked by ${tenantAbove(sourceTenantId)}. Replace its policy there.`,
      { key, source_tenant_id: sourceTenantId },
    );
  }
}

/** Details: `{ tenant_id, policy_id }`. */
export class AbacPolicyNotFoundError extends StratumError {
  constructor(tenantId: string, policyId: string) {
    super(
      "ABAC_POLICY_NOT_FOUND",
      `Tenant ${tenantId} has no ABAC policy of its own with id ${policyId}. An inherited one is deleted where it belongs.`,
      { tenant_id: tenantId, policy_id: policyId },
    );
  }
}

/** Details: `{ tenant_id, key }`: `resource_type:action:name`. */
export class AbacPolicyAlreadyExistsError extends StratumError {
  constructor(tenantId: string, key: string) {
    super(
      "ABAC_POLICY_ALREADY_EXISTS",
      `Tenant ${tenantId} has an ABAC policy "${key}". Choose another name, or delete that one first.`,
      { tenant_id: tenantId, key },
    );
  }
}
