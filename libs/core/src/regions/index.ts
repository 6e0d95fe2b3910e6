/** Regions. */
export * from "./limits";
export * from "./region.errors";
export {
  createRegionSchema,
  REGION_STATUSES,
  updateRegionSchema,
  type CreateRegionInput,
  type Region,
  type RegionStatus,
  type UpdateRegionInput,
} from "./region.schemas";
export { REGIONS_API, type RegionsApi } from "./api";
