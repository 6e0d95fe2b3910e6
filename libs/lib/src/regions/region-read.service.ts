import { Injectable } from "@nestjs/common";
import {
  listSchema,
  MAX_UNPAGED_RESULTS,
  RegionNotFoundError,
  tenantIdSchema,
  validate,
  type ListInput,
  type Region,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { complete } from "../tenancy/page-cursor";
import { RegionStore } from "./region.store";

/** Reads regions, for platform administrators. */
@Injectable()
export class RegionReadService {
  constructor(private readonly store: RegionStore) {}

  /** One region. @throws ValidationError, ForbiddenError, RegionNotFoundError */
  async getRegion(id: string): Promise<Region> {
    requirePlatformAdmin(currentCaller());
    const regionId = validate(tenantIdSchema, id, "id");
    const region = await this.store.find(regionId);
    if (region === undefined) throw new RegionNotFoundError(regionId);
    return region;
  }

  /**
   * The regions, oldest first.
   *
   * @param query `{ limit, cursor }` for a part of them; `cursor` is the last id seen
   * @throws ValidationError, ForbiddenError; ResultTooLargeError for more than 10,000 without limit
   */
  async listRegions(query: ListInput = {}): Promise<Region[]> {
    requirePlatformAdmin(currentCaller());
    const { cursor = null, limit } = validate(listSchema, query, "query");
    const rows = await this.store.list(cursor, limit ?? MAX_UNPAGED_RESULTS + 1);
    return complete(rows, limit, "listRegions with { limit, cursor }", "regions");
  }
}
