import {
  ForbiddenError,
  RegionNotActiveError,
  RegionNotFoundError,
  type StratumError,
} from "@stratum-hq/core";
import { isPlatformAdmin, type Caller } from "../context/caller";
import type { RegionOfTenant } from "./tenant-creation.store";

/**
 * The region of a tenant that is created: its parent's, unless a platform administrator chooses another
 * one or none. Only an active one takes tenants.
 *
 * @param wanted null for none, undefined for the parent's
 * @param regions those that were asked for, as far as there are
 */
export function creationRegion(
  wanted: string | null | undefined,
  inherited: RegionOfTenant | null,
  regions: readonly RegionOfTenant[],
  caller: Caller,
): RegionOfTenant | null | StratumError {
  const isInherited = wanted === undefined || wanted === (inherited?.id ?? null);
  if (!isInherited && !isPlatformAdmin(caller)) {
    return new ForbiddenError("The platform decides on regions. Leave region_id out.");
  }
  if (wanted === null) return null;
  const region = isInherited ? inherited : regions.find(({ id }) => id === wanted);
  if (region === undefined) return new RegionNotFoundError(wanted ?? "");
  if (region === null || region.status === "active") return region;
  return new RegionNotActiveError(region.id, region.status);
}
