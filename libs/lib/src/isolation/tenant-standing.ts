import { Inject, Injectable } from "@nestjs/common";
import { chainOf, TenantNotFoundError, type TenantStatus } from "@stratum-hq/core";
import type { IdleConnection } from "@stratum-hq/db-adapters";
import { currentCaller } from "../context/caller";
import { currentlyEntered, type TenantContext } from "../context/tenant-context";
import { Clock } from "../persistence/clock";
import { sqlOver } from "../persistence/sql";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { requireActive, requireOnChain } from "../tenancy/access";
import { TenantDirectory, type KnownTenant } from "../tenancy/tenant-directory";
import { TenantStore } from "../tenancy/tenant.store";
import { SigningTimings } from "../context-keys/signing-timings";

/** What a tenant may be acted for by. */
interface Standing {
  readonly status: TenantStatus;
  readonly chain: readonly string[];
}

/**
 * Whether the tenant in context may still be acted for: it may be shut, or moved out of the caller's reach, while
 * work for it goes on. Who is about to sign looks, where the last look is too old.
 */
@Injectable()
export class TenantStanding {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly directory: TenantDirectory,
    private readonly store: TenantStore,
    private readonly clock: Clock,
    private readonly timings: SigningTimings,
  ) {}

  /**
   * Null where it may; else looks.
   *
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError, InvalidTenantStateError
   */
  certain(connection: IdleConnection): Promise<void> | null {
    const entered = currentlyEntered();
    const context = entered?.context ?? null;
    if (entered === null || context === null) return null;
    const now = this.clock.monotonic();
    if (now - entered.lookedAt <= this.timings.maxAge) return null;
    const known = this.directory.findNow({ id: context.tenant_id });
    const admit = (standing: Standing | undefined): void => {
      requireStanding(context, standing);
      entered.lookedAt = now;
    };
    if (known === undefined) return this.look(context, connection).then(admit);
    admit(standingOf(known));
    return null;
  }

  /** Over the connection itself, where it goes to control data: it may be the pool's last one. */
  private async look(
    { tenant_id: id, isolation_strategy }: TenantContext,
    { client }: IdleConnection,
  ): Promise<Standing | undefined> {
    const isElsewhere =
      this.options.tenantPool !== undefined || isolation_strategy === "DB_PER_TENANT";
    if (isElsewhere) {
      const found = await this.directory.find({ id });
      return found && standingOf(found);
    }
    const row = await this.store.findById(id, sqlOver(client));
    return row && { status: row.status, chain: chainOf(row.path) };
  }
}

function standingOf({ status, context }: KnownTenant): Standing {
  return { status, chain: context.chain };
}

function requireStanding({ tenant_id }: TenantContext, standing: Standing | undefined): void {
  if (standing === undefined) throw new TenantNotFoundError({ tenant_id });
  requireOnChain(standing.chain, currentCaller());
  requireActive({ id: tenant_id, status: standing.status }, "run in");
}
