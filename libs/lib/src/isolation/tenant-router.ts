import { Inject, Injectable } from "@nestjs/common";
import { TenantContextMissingError } from "@stratum-hq/core";
import type { IdleConnection, Placement } from "@stratum-hq/db-adapters";
import { currentTenantContext, type TenantContext } from "../context/tenant-context";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { DatabasePlacements } from "../tenant-databases/database-placements";
import { SigningKey } from "../context-keys/signing-key";
import { schemaOf, SHARED_SCHEMA } from "./storage-names";

/**
 * Says where the tenant in context has its tables, from what its context holds: nothing is asked, but now and
 * then which key contexts are to be signed with.
 */
@Injectable()
export class TenantRouter {
  readonly #shared: Placement;

  constructor(
    @Inject(STRATUM_OPTIONS) { pool, tenantPool }: StratumOptions,
    private readonly databases: DatabasePlacements,
    private readonly signing: SigningKey,
  ) {
    // A client that is kept for long may be the pool's last one: it looks for itself, where it can.
    const certain = ({ client }: IdleConnection): Promise<void> | null =>
      this.signing.isCertain()
        ? null
        : tenantPool === undefined
          ? this.signing.renewOver(client)
          : this.signing.renew();
    this.#shared = { connections: tenantPool ?? pool, schema: SHARED_SCHEMA, certain };
  }

  /** @throws TenantContextMissingError for a tenant that is not in context, TenantStorageMissingError */
  placementOf(tenantId: string): Placement | Promise<Placement> {
    const context = currentTenantContext();
    if (context?.tenant_id !== tenantId) throw new TenantContextMissingError();
    if (!this.signing.isRecent()) {
      return this.signing.renew().then(() => this.placementIn(context));
    }
    return this.placementIn(context);
  }

  private placementIn(context: TenantContext): Placement | Promise<Placement> {
    const { tenant_id: tenantId } = context;
    switch (context.isolation_strategy) {
      case "SHARED_RLS":
        return this.#shared;
      case "SCHEMA_PER_TENANT":
        return { ...this.#shared, schema: schemaOf(tenantId), isOwn: true };
      case "DB_PER_TENANT":
        return this.databases.placementOf({ id: tenantId, region_id: context.region_id });
      default:
        return context.isolation_strategy satisfies never;
    }
  }
}
