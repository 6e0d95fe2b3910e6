import { Injectable } from "@nestjs/common";
import {
  RegionNotFoundError,
  tenantIdSchema,
  validate,
  type Page,
  type PageInput,
  type Region,
  type RegionsApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { listed, listRequest } from "../tenancy/page-cursor";
import { RegionStore } from "./region.store";

/** Reads regions, for platform administrators. */
@Injectable()
export class RegionReadService implements Pick<RegionsApi, "getRegion" | "listRegions"> {
  constructor(private readonly store: RegionStore) {}

  async getRegion(id: string): Promise<Region> {
    requirePlatformAdmin(currentCaller());
    const regionId = validate(tenantIdSchema, id, "id");
    const region = await this.store.find(regionId);
    if (region === undefined) throw new RegionNotFoundError(regionId);
    return region;
  }

  async listRegions(query: PageInput): Promise<Page<Region>>;
  async listRegions(): Promise<Region[]>;
  async listRegions(query?: PageInput): Promise<Region[] | Page<Region>> {
    requirePlatformAdmin(currentCaller());
    const request = listRequest(query);
    const rows = await this.store.list(request.cursor, request.rows);
    return listed(rows, request, "listRegions with { limit, cursor }", "regions");
  }
}
