import {
  CONTEXT_KEY_UNREACHED_LISTED,
  StorageUnavailableError,
  type StratumError,
} from "@stratum-hq/core";
import type { DatabaseTenant } from "../tenant-databases/tenant-databases";
import { FIRST_WALK, type Walk } from "./rotation-checkpoint";

/** Times that a walk goes through all, where some cannot be reached, and milliseconds in between. */
const PASSES = 3;
const PAUSE_MS = 2000;
/** Databases of a server in a row that cannot be reached, after which a pass tries no other one of it. */
const DOWN_AFTER = 3;

/** Where a walk is after a step. */
export interface WalkOutcome {
  readonly walk: Walk;
  readonly ended: boolean;
  readonly wait?: number;
}

/** Whether the tenant's server counts as out of reach: each that is tried may take ten seconds. */
export function isDown({ failing }: Walk, tenant: DatabaseTenant): boolean {
  return (failing[serverOf(tenant)] ?? 0) >= DOWN_AFTER;
}

/** The walk after a tenant's database. @param error what it could not be reached with; null where it was */
export function advanced(walk: Walk, tenant: DatabaseTenant, error: StratumError | null): Walk {
  const server = serverOf(tenant);
  const isAway = error instanceof StorageUnavailableError;
  const failing = { ...walk.failing, [server]: isAway ? (walk.failing[server] ?? 0) + 1 : 0 };
  const at = { ...walk, after: tenant.id, failing };
  if (error === null) return { ...at, reached: at.reached + 1 };
  const missed = at.missed + 1;
  if (at.listed.length >= CONTEXT_KEY_UNREACHED_LISTED) return { ...at, missed };
  return { ...at, missed, listed: [...at.listed, { tenant_id: tenant.id, code: error.code }] };
}

/** What follows when all have had their turn. */
export function endOfPass(walk: Walk): WalkOutcome {
  if (walk.missed === 0 || walk.pass >= PASSES) return { walk, ended: true };
  return { walk: { ...FIRST_WALK, pass: walk.pass + 1 }, ended: false, wait: PAUSE_MS };
}

/** The region's; of tenants without one, that of `pool`. */
function serverOf({ region_id }: DatabaseTenant): string {
  return region_id ?? "";
}
