import { StratumError, tenantAbove } from "../errors/stratum-error";

/** Details: `{ key, source_tenant_id }`: who holds the lock; null to who may not know that tenant. */
export class ConfigLockedError extends StratumError {
  constructor(key: string, sourceTenantId: string | null) {
    super(
      "CONFIG_LOCKED",
      `Key "${key}" is locked by ${tenantAbove(sourceTenantId)}. Unlock it there to override it here.`,
      { key, source_tenant_id: sourceTenantId },
    );
  }
}

/** Details: `{ tenant_id, key }`. */
export class ConfigNotFoundError extends StratumError {
  constructor(tenantId: string, key: string) {
    super(
      "CONFIG_NOT_FOUND",
      `Tenant ${tenantId} has no entry of its own for "${key}"; an inherited one is deleted where it is set.`,
      { tenant_id: tenantId, key },
    );
  }
}

/** Details: `{ tenant_id, key }`. */
export class ConfigKeyReservedError extends StratumError {
  constructor(tenantId: string, key: string) {
    super(
      "CONFIG_KEY_RESERVED",
      `Key "${key}" of tenant ${tenantId} can be changed only by a tenant above it or the platform. ` +
        "Use another key, or ask the level above.",
      { tenant_id: tenantId, key },
    );
  }
}
