import { Injectable } from "@nestjs/common";
import {
  forEachTenantSchema,
  TENANT_WALK_FAILURES_MAX,
  TENANT_WALK_PAGE,
  TenantArchivedError,
  TenantNotFoundError,
  TenantSuspendedError,
  validate,
  type ForEachTenantOptions,
  type Tenant,
} from "@stratum-hq/core";
import { TenantService } from "../tenancy/tenant.service";
import { TenantTreeService } from "../tenancy/tenant-tree.service";

/** What came of a walk. Each tenant that was met is counted in one of the three. */
export interface TenantWalk {
  /** Tenants for which the work resolved. */
  readonly succeeded: number;
  /** Tenants for which it rejected. */
  readonly failed: number;
  /** Tenants that could not be entered: suspended, archived, not ready, or gone since their page was read. */
  readonly skipped: number;
  /** The first 100 of the failures, as they came. */
  readonly failures: readonly { readonly tenant_id: string; readonly error: unknown }[];
}

type Outcome = "succeeded" | "failed" | "skipped";

/** Runs code for each tenant of a subtree, wherever each has its rows. */
@Injectable()
export class TenantWalkService {
  constructor(
    private readonly tenants: TenantService,
    private readonly tree: TenantTreeService,
  ) {}

  /**
   * Runs `work` for a tenant and each below, depth first, in that one's own context. It goes on past a failing
   * tenant, and reads the tree in pages: a tenant that moves, comes or goes meanwhile may be met or not, and
   * one that stays is met once.
   *
   * @param options `concurrency`: tenants at a time, 4 unless given
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError for the tenant itself
   */
  async forEachTenant(
    id: string,
    work: (tenant: Tenant) => unknown,
    options: ForEachTenantOptions = {},
  ): Promise<TenantWalk> {
    const { concurrency } = validate(forEachTenantSchema, options, "options");
    const counts: Record<Outcome, number> = { succeeded: 0, failed: 0, skipped: 0 };
    const failures: { tenant_id: string; error: unknown }[] = [];
    const walk = this.walk(id);
    const loop = async (): Promise<void> => {
      for (;;) {
        const next = await walk.next();
        if (next.done === true) return;
        const tenant = next.value;
        const outcome = await this.visit(tenant, work, (error) => {
          if (failures.length < TENANT_WALK_FAILURES_MAX)
            failures.push({ tenant_id: tenant.id, error });
        });
        counts[outcome] += 1;
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: concurrency }, loop));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return { ...counts, failures };
  }

  private async visit(
    tenant: Tenant,
    work: (tenant: Tenant) => unknown,
    onFailure: (error: unknown) => void,
  ): Promise<Outcome> {
    if (tenant.status !== "active") return "skipped";
    const progress: { entered: boolean } = { entered: false };
    try {
      await this.tenants.runInTenant(tenant.id, async () => {
        progress.entered = true;
        await work(tenant);
      });
      return "succeeded";
    } catch (error) {
      if (!progress.entered && isShut(error)) return "skipped";
      onFailure(error);
      return "failed";
    }
  }

  /** The tenant, then those below by pages. Loops that ask at once are answered one after the other. */
  private async *walk(id: string): AsyncGenerator<Tenant, void, undefined> {
    const root = await this.tenants.runInTenant(id, () => this.tenants.getTenant(id));
    yield root;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<TenantTreeService["listDescendants"]>> =
        await this.tree.listDescendants(root.id, {
          cursor,
          limit: TENANT_WALK_PAGE,
          include_archived: true,
        });
      yield* page.data;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }
}

/** Whether a tenant was no longer there to be entered. */
function isShut(error: unknown): boolean {
  return (
    error instanceof TenantNotFoundError ||
    error instanceof TenantSuspendedError ||
    error instanceof TenantArchivedError
  );
}
