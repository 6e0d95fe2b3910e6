import { Injectable } from "@nestjs/common";
import { InternalError, StorageUnavailableError, type StratumError } from "@stratum-hq/core";
import { DatabaseTenantsStore } from "../isolation/database-tenants.store";
import { databaseOf } from "../isolation/storage-names";
import { Clock } from "../persistence/clock";
import { translateDatabaseError } from "../persistence/database-errors";
import type { Transaction } from "../persistence/transaction";
import { ProvisioningStore } from "../tenant-databases/provisioning.store";
import type { DatabaseTenant } from "../tenant-databases/tenant-databases";
import type { Walk } from "./rotation-checkpoint";
import { advanced, endOfPass, isDown, type WalkOutcome } from "./walk-progress";

/** Databases that a step goes to at most, and the milliseconds after which it goes to no further one. */
const PAGE = 20;
const STEP_MS = 500;

type Visit = (tenant: DatabaseTenant) => Promise<void>;

/** Goes through tenants' databases, some in each step, past those that cannot be reached. */
@Injectable()
export class DatabaseWalk {
  constructor(
    private readonly tenants: DatabaseTenantsStore,
    private readonly provisioning: ProvisioningStore,
    private readonly clock: Clock,
  ) {}

  async count(tx: Transaction): Promise<number> {
    return this.tenants.count(tx);
  }

  /** @param visit may be called again for a database */
  async step(tx: Transaction, walk: Walk, visit: Visit): Promise<WalkOutcome> {
    await this.provisioning.keepOpen(tx);
    const page = await this.tenants.pageWithUnmade(tx, walk.after || null, PAGE);
    if (page.length === 0) return endOfPass(walk);
    const began = this.clock.monotonic();
    let at = walk;
    for (const { is_being_made, ...tenant } of page) {
      const error = await failureOf(at, tenant, visit);
      // Whoever makes it gives it the key that is current by then.
      const isUnmade = is_being_made && error !== null;
      at = isUnmade ? { ...at, after: tenant.id } : advanced(at, tenant, error);
      if (this.clock.monotonic() - began > STEP_MS) break;
    }
    return { walk: at, ended: false };
  }
}

/** The error for a database that could not be reached, or refused. */
async function failureOf(
  walk: Walk,
  tenant: DatabaseTenant,
  visit: Visit,
): Promise<StratumError | null> {
  const { id, region_id } = tenant;
  if (isDown(walk, tenant)) return new StorageUnavailableError(databaseOf(id), region_id, null);
  try {
    await visit(tenant);
    return null;
  } catch (error) {
    const failure = translateDatabaseError(error);
    if (failure instanceof InternalError) throw failure;
    return failure;
  }
}
