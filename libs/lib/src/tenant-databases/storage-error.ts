import { StorageUnavailableError, StratumError, TenantStorageMissingError } from "@stratum-hq/core";
import { databaseOf } from "../isolation/storage-names";
import { sqlStateOf } from "../persistence/database-errors";

const DATABASE_MISSING = "3D000";

/** The typed error for what connecting to a tenant's database failed with. */
export function storageError(
  error: unknown,
  tenantId: string,
  regionId: string | null,
): StratumError {
  if (error instanceof StratumError) return error;
  const storage = databaseOf(tenantId);
  return sqlStateOf(error) === DATABASE_MISSING
    ? new TenantStorageMissingError(tenantId, `database ${storage}`, error)
    : new StorageUnavailableError(storage, regionId, error);
}
