import type { ErrorDescription } from "../errors/error-description";

/** Errors of the feature. */
export const REGIONS_ERRORS = {
  REGION_NOT_FOUND: {
    status: 404,
    summary: "No region has this id.",
    remedy: "Check the id; `listRegions` has those there are.",
    details: ["region_id"],
  },
  REGION_ALREADY_EXISTS: {
    status: 409,
    summary: "A region has this slug.",
    remedy: "Choose another slug.",
    details: ["slug"],
  },
  REGION_IN_USE: {
    status: 409,
    summary: "Tenants, of whatever status, are in the region.",
    remedy: "`migrateRegion` them, or purge them.",
    details: ["region_id", "tenants"],
  },
  REGION_NOT_ACTIVE: {
    status: 409,
    summary: "The region is draining or inactive.",
    remedy: "Choose an active one.",
    details: ["region_id", "status"],
  },
} as const satisfies Record<string, ErrorDescription>;
