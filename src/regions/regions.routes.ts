import {
  createRegionSchema,
  pageSchema,
  REGION_STATUSES,
  REGIONS_API,
  tenantIdSchema,
  tenantSchema,
  updateRegionSchema,
  type Region,
  type RegionsApi,
} from "@stratum-hq/core";
import { z } from "zod";
import { apiRoutes } from "../api/api-route";
import { id, jsonObject, named, times, version } from "../api/results";

const regionSchema: z.ZodType<Region> = z.strictObject({
  id,
  display_name: z.string(),
  slug: z.string(),
  control_plane_url: z.string().nullable(),
  database_url: z.string().nullable(),
  is_primary: z.boolean(),
  status: z.enum(REGION_STATUSES),
  metadata: jsonObject,
  version,
  ...times,
});

named("Region", regionSchema);

export const REGIONS_ROUTES = apiRoutes<RegionsApi>({
  tag: "Regions",
  methods: REGIONS_API,
  routes: {
    createRegion: { body: createRegionSchema, result: regionSchema },
    updateRegion: { body: updateRegionSchema, result: regionSchema },
    deleteRegion: {},
    getRegion: { result: regionSchema },
    listRegions: { query: pageSchema, result: regionSchema },
    migrateRegion: { body: z.strictObject({ region_id: tenantIdSchema }), result: tenantSchema },
  },
});
