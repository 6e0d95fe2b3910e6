import { Injectable } from "@nestjs/common";
import { CONTEXT_KEY_UNREACHED_LISTED, InternalError, type StratumError } from "@stratum-hq/core";
import { DatabaseTenantsStore } from "../isolation/database-tenants.store";
import { Clock } from "../persistence/clock";
import { translateDatabaseError } from "../persistence/database-errors";
import type { Transaction } from "../persistence/transaction";
import { ProvisioningStore } from "../tenant-databases/provisioning.store";
import type { DatabaseTenant } from "../tenant-databases/tenant-databases";
import { FIRST_WALK, type Walk } from "./rotation-checkpoint";

/** Databases that a step goes to at most, and the milliseconds after which it goes to no further one. */
const PAGE = 20;
const STEP_MS = 500;
/** Times that those are tried which cannot be reached, and milliseconds in between. */
const PASSES = 3;
const PAUSE_MS = 2000;

/** Where a walk is after a step. */
export interface WalkOutcome {
  readonly walk: Walk;
  readonly ended: boolean;
  readonly wait?: number;
}

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
  async step(
    tx: Transaction,
    walk: Walk,
    visit: (tenant: DatabaseTenant) => Promise<void>,
  ): Promise<WalkOutcome> {
    await this.provisioning.keepOpen(tx);
    const page = await this.tenants.pageWithUnmade(tx, walk.after || null, PAGE);
    if (page.length === 0) return endOfPass(walk);
    const began = this.clock.monotonic();
    let at = walk;
    for (const { is_being_made, ...tenant } of page) {
      const error = await failureOf(visit(tenant));
      // Whoever makes it gives it the key that is current by then.
      const isUnmade = is_being_made && error !== null;
      at = isUnmade ? { ...at, after: tenant.id } : advanced(at, tenant.id, error);
      if (this.clock.monotonic() - began > STEP_MS) break;
    }
    return { walk: at, ended: false };
  }
}

function endOfPass(walk: Walk): WalkOutcome {
  if (walk.missed === 0 || walk.pass >= PASSES) return { walk, ended: true };
  return { walk: { ...FIRST_WALK, pass: walk.pass + 1 }, ended: false, wait: PAUSE_MS };
}

function advanced(walk: Walk, tenant_id: string, error: StratumError | null): Walk {
  const at = { ...walk, after: tenant_id };
  if (error === null) return { ...at, reached: at.reached + 1 };
  const missed = at.missed + 1;
  if (at.listed.length >= CONTEXT_KEY_UNREACHED_LISTED) return { ...at, missed };
  return { ...at, missed, listed: [...at.listed, { tenant_id, code: error.code }] };
}

/** The error for a database that could not be reached, or refused. */
async function failureOf(visit: Promise<void>): Promise<StratumError | null> {
  try {
    await visit;
    return null;
  } catch (error) {
    const failure = translateDatabaseError(error);
    if (failure instanceof InternalError) throw failure;
    return failure;
  }
}
