import { StratumError } from "../errors/stratum-error";

/**
 * Details: `{ storage, region_id }`: the database, and the region on whose server it is; null for the server
 * of `pool`. `cause` is the driver's error.
 */
export class StorageUnavailableError extends StratumError {
  constructor(storage: string, regionId: string | null, cause: unknown) {
    const where =
      regionId === null
        ? "the server of pool: check that it runs and takes the login"
        : `the server of region ${regionId}: check that it runs, and its login, and correct database_url`;
    super(
      "STORAGE_UNAVAILABLE",
      `Database ${storage} cannot be reached on ${where}. A tenant that is still provisioning is then made ` +
        "ready by provisionTenant(id).",
      { storage, region_id: regionId },
      cause,
    );
  }
}

/** Details: `{ tenant_id, isolation_strategy }`. */
export class StorageNotMovableError extends StratumError {
  constructor(tenantId: string, strategy: string) {
    super(
      "STORAGE_NOT_MOVABLE",
      `Tenant ${tenantId} is ${strategy}: its database stays on the server that it is on. Create a tenant in the ` +
        "other region and bring its rows there.",
      { tenant_id: tenantId, isolation_strategy: strategy },
    );
  }
}

/** Details: `{ budget, waited_ms }`. */
export class ConnectionBudgetExhaustedError extends StratumError {
  constructor(budget: number, waitedMs: number) {
    super(
      "CONNECTION_BUDGET_EXHAUSTED",
      `All ${budget} connections to tenants' databases were in use for ${waitedMs} ms. Try again later, or ` +
        "raise connectionBudget as far as the servers' max_connections allow.",
      { budget, waited_ms: waitedMs },
    );
  }
}
