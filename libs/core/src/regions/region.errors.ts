import { StratumError } from "../errors/stratum-error";
import type { RegionStatus } from "./region.schemas";

/** Details: `{ region_id }`. */
export class RegionNotFoundError extends StratumError {
  constructor(regionId: string) {
    super(
      "REGION_NOT_FOUND",
      `No region with id ${regionId}. Call listRegions for those there are.`,
      {
        region_id: regionId,
      },
    );
  }
}

/** Details: `{ slug }`; null where only the database saw it. */
export class RegionAlreadyExistsError extends StratumError {
  constructor(slug: string | null) {
    super("REGION_ALREADY_EXISTS", "There is a region of this slug. Choose another slug.", {
      slug,
    });
  }
}

/** Details: `{ region_id, tenants }`: how many tenants, of any status, are in it. */
export class RegionInUseError extends StratumError {
  constructor(regionId: string, tenants: number) {
    super(
      "REGION_IN_USE",
      `${tenants} tenants are in region ${regionId}. Call migrateRegion for each, or purge them.`,
      { region_id: regionId, tenants },
    );
  }
}

/** Details: `{ region_id, status }`. */
export class RegionNotActiveError extends StratumError {
  constructor(regionId: string, status: RegionStatus) {
    super(
      "REGION_NOT_ACTIVE",
      `Region ${regionId} is ${status} and takes no tenants. Choose an active one.`,
      { region_id: regionId, status },
    );
  }
}
