import type { AuditContext } from "../audit/audit.schemas";
import type { CreateRegionInput, Region, UpdateRegionInput } from "./region.schemas";
import type { Page, PageInput } from "../tenant/tenant-inputs.schemas";
import type { Tenant } from "../tenant/tenant.schemas";
import { body, field, path, queries, type ApiMethod } from "../api/api-method";

/** Regions, where tenants' data lives. */
export interface RegionsApi {
  /**
   * Creates a region. With `is_primary` it takes that from the one that has it.
   *
   * @throws ForbiddenError, ValidationError, RegionAlreadyExistsError, MasterKeyUnavailableError
   */
  createRegion(input: CreateRegionInput, audit?: AuditContext): Promise<Region>;

  /**
   * Changes the fields given. `is_primary: true` takes that from the region that has it.
   *
   * @throws ForbiddenError, ValidationError, RegionNotFoundError, VersionConflictError,
   *   MasterKeyUnavailableError
   */
  updateRegion(id: string, input: UpdateRegionInput, audit?: AuditContext): Promise<Region>;

  /**
   * Deletes a region that no tenant is in, whatever the tenants' status.
   *
   * @throws ForbiddenError, ValidationError, RegionNotFoundError, RegionInUseError
   */
  deleteRegion(id: string, audit?: AuditContext): Promise<void>;

  /** One region. @throws ValidationError, ForbiddenError, RegionNotFoundError */
  getRegion(id: string): Promise<Region>;

  /**
   * The regions, oldest first.
   *
   * @param query for a page of them; without it, all
   * @throws ValidationError, ForbiddenError; ResultTooLargeError for more than 10,000 without a query
   */
  listRegions(query: PageInput): Promise<Page<Region>>;
  listRegions(): Promise<Region[]>;

  /**
   * Puts a tenant into a region; the tenants below stay where they are.
   *
   * @throws ForbiddenError, ValidationError, TenantNotFoundError, RegionNotFoundError,
   *   TenantSuspendedError, TenantArchivedError, RegionNotActiveError, TenantTreeBusyError,
   *   StorageNotMovableError for a tenant with a database of its own
   */
  migrateRegion(tenantId: string, regionId: string, audit?: AuditContext): Promise<Tenant>;
}

/** How each method of {@link RegionsApi} travels, and what it asks of its caller. */
export const REGIONS_API = {
  createRegion: {
    effect: "mutator",
    http: "POST /regions",
    status: 201,
    args: [body()],
    scope: "platform:admin",
  },
  updateRegion: {
    effect: "mutator",
    http: "PATCH /regions/{id}",
    status: 200,
    args: [path("id"), body()],
    scope: "platform:admin",
  },
  deleteRegion: {
    effect: "mutator",
    http: "DELETE /regions/{id}",
    status: 204,
    args: [path("id")],
    scope: "platform:admin",
  },
  getRegion: {
    effect: "reader",
    http: "GET /regions/{id}",
    status: 200,
    args: [path("id")],
    scope: "platform:admin",
  },
  listRegions: {
    effect: "reader",
    http: "GET /regions",
    status: 200,
    args: [queries()],
    scope: "platform:admin",
    list: "either",
  },
  migrateRegion: {
    effect: "mutator",
    http: "POST /tenants/{id}/migrate-region",
    status: 200,
    args: [path("id"), field("region_id")],
    scope: "platform:admin",
  },
} as const satisfies Record<keyof RegionsApi, ApiMethod>;
