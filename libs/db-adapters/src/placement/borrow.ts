import { DatabaseUnavailableError, StratumError } from "@stratum-hq/core";
import type { PoolClient } from "pg";
import { lendClient } from "./lend-client";
import type { TenantConnections } from "./placement";

/** A connection, which the caller releases. @throws DatabaseUnavailableError, and what typed errors they throw */
export async function borrow(connections: TenantConnections): Promise<PoolClient> {
  try {
    return await lendClient(connections);
  } catch (error) {
    throw error instanceof StratumError ? error : new DatabaseUnavailableError(error);
  }
}
