import { RegionAlreadyExistsError } from "@stratum-hq/core";
import { defineFeature } from "../feature";
import { RegionsApi } from "./regions.api";
import { RegionService } from "./region.service";
import { RegionReadService } from "./region-read.service";
import { RegionMigrationService } from "./region-migration.service";
import { invalid } from "../persistence/constraint-errors";
import { RegionsModule } from "./regions.module";
import { RegionEntity } from "./region.entity";
import { REGION_URL } from "./region-url-column";

export const REGIONS = defineFeature({
  modules: [RegionsModule],
  apis: [RegionsApi],
  services: {
    createRegion: RegionService,
    updateRegion: RegionService,
    deleteRegion: RegionService,
    getRegion: RegionReadService,
    listRegions: RegionReadService,
    migrateRegion: RegionMigrationService,
  },
  entities: [RegionEntity],
  constraintErrors: {
    regions_pkey: invalid("id", "the region exists"),
    regions_slug_key: () => new RegionAlreadyExistsError(null),
    regions_primary_key: invalid("is_primary", "another region is the primary one"),
    regions_display_name_check: invalid("display_name", "expected 1 to 255 characters"),
    regions_slug_check: invalid("slug", "expected a lower-case letter, then a-z, 0-9 and _"),
    regions_database_url_check: invalid("database_url", "expected a ciphertext"),
    regions_status_check: invalid("status", "expected active, draining or inactive"),
    regions_metadata_check: invalid("metadata", "expected an object"),
  },
  sealedColumns: [REGION_URL],
  events: {
    "region.created": "subtree",
    "region.updated": "subtree",
    "region.deleted": "subtree",
  },
});
