import { Injectable } from "@nestjs/common";
import {
  createRegionSchema,
  jsonEqual,
  RegionAlreadyExistsError,
  RegionInUseError,
  RegionNotFoundError,
  tenantIdSchema,
  updateRegionSchema,
  validate,
  type AuditContext,
  type CreateRegionInput,
  type Region,
  type UpdateRegionInput,
  type RegionsApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { IdGenerator } from "../persistence/id-generator";
import type { Transaction } from "../persistence/transaction";
import { requireVersion } from "../tenancy/access";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import { regionRecords } from "./region-records";
import { RegionUrls } from "./region-urls";
import { RegionStore, type RegionFields } from "./region.store";

/** Creates, changes and deletes regions, for platform administrators. */
@Injectable()
export class RegionService implements Pick<
  RegionsApi,
  "createRegion" | "updateRegion" | "deleteRegion"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: RegionStore,
    private readonly urls: RegionUrls,
    private readonly ids: IdGenerator,
  ) {}

  async createRegion(input: CreateRegionInput, audit?: AuditContext): Promise<Region> {
    const caller = currentCaller(audit);
    requirePlatformAdmin(caller);
    const { slug, database_url = null, ...given } = validate(createRegionSchema, input, "input");
    const id = this.ids.next();
    const fields: RegionFields = {
      display_name: given.display_name,
      control_plane_url: given.control_plane_url ?? null,
      is_primary: given.is_primary ?? false,
      status: given.status ?? "active",
      metadata: given.metadata ?? {},
    };
    const creation = this.mutations.run({ tenant: null, caller, operation: null }, async (m) => {
      await this.store.lockAll(m.tx);
      await this.makeRoom(m, id, fields);
      const sealed = await this.urls.seal(m.tx, id, database_url);
      const created = await this.store.insert(m.tx, { id, slug, ...fields }, sealed);
      const [change, event] = regionRecords("region.created", null, created);
      await m.record([change], [event]);
      return created;
    });
    return creation.catch((error: unknown) => {
      throw error instanceof RegionAlreadyExistsError ? new RegionAlreadyExistsError(slug) : error;
    });
  }

  async updateRegion(id: string, input: UpdateRegionInput, audit?: AuditContext): Promise<Region> {
    const caller = currentCaller(audit);
    requirePlatformAdmin(caller);
    const regionId = validate(tenantIdSchema, id, "id");
    const update = validate(updateRegionSchema, input, "input");
    return this.mutations.run({ tenant: null, caller, operation: null }, async (m) => {
      const region = await this.locked(m.tx, regionId);
      requireVersion(region, update.expected_version, "Region");
      const fields = merged(region, update);
      const url = await this.urls.change(m.tx, region, update.database_url);
      if (url === undefined && unchanged(region, fields)) return region;
      await this.makeRoom(m, regionId, fields);
      const updated = await this.store.update(m.tx, regionId, fields, url);
      const records = regionRecords("region.updated", region, updated, url !== undefined);
      await m.record([records[0]], [records[1]]);
      return updated;
    });
  }

  async deleteRegion(id: string, audit?: AuditContext): Promise<void> {
    const caller = currentCaller(audit);
    requirePlatformAdmin(caller);
    const regionId = validate(tenantIdSchema, id, "id");
    await this.mutations.run({ tenant: null, caller, operation: null }, async (m) => {
      const region = await this.locked(m.tx, regionId);
      const tenants = await this.store.tenantsIn(m.tx, regionId);
      if (tenants > 0) throw new RegionInUseError(regionId, tenants);
      await this.store.delete(m.tx, regionId);
      const [change, event] = regionRecords("region.deleted", region, null);
      await m.record([change], [event]);
    });
  }

  /** The region, with no tenant on its way into it. */
  private async locked(tx: Transaction, regionId: string): Promise<Region> {
    await this.store.lockAll(tx);
    const region = await this.store.findLocked(tx, regionId, "update");
    if (region === undefined) throw new RegionNotFoundError(regionId);
    return region;
  }

  /** Lets a region be the primary one: at most one is. */
  private async makeRoom(
    m: Mutation<null>,
    regionId: string,
    { is_primary }: RegionFields,
  ): Promise<void> {
    const demoted = is_primary ? await this.store.demotePrimary(m.tx, regionId) : undefined;
    if (demoted === undefined) return;
    const [change, event] = regionRecords("region.updated", demoted.before, demoted.after);
    await m.record([change], [event]);
  }
}

function merged(region: Region, update: UpdateRegionInput): RegionFields {
  return {
    display_name: update.display_name ?? region.display_name,
    control_plane_url:
      update.control_plane_url === undefined ? region.control_plane_url : update.control_plane_url,
    is_primary: update.is_primary ?? region.is_primary,
    status: update.status ?? region.status,
    metadata: update.metadata ?? region.metadata,
  };
}

function unchanged(region: Region, fields: RegionFields): boolean {
  return (
    region.display_name === fields.display_name &&
    region.control_plane_url === fields.control_plane_url &&
    region.is_primary === fields.is_primary &&
    region.status === fields.status &&
    jsonEqual(region.metadata, fields.metadata)
  );
}
