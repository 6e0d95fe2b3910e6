import { Inject, Injectable } from "@nestjs/common";
import { TenantContextMissingError } from "@stratum-hq/core";
import type { Placement, TenantConnections } from "@stratum-hq/db-adapters";
import { currentTenantContext } from "../context/tenant-context";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { DatabasePlacements } from "../tenant-databases/database-placements";
import { schemaOf, SHARED_SCHEMA } from "./storage-names";

/** Says where the tenant in context has its tables, from what its context holds: nothing is asked. */
@Injectable()
export class TenantPlacements {
  readonly #connections: TenantConnections;
  readonly #shared: Placement;

  constructor(
    @Inject(STRATUM_OPTIONS) { pool, tenantPool }: StratumOptions,
    private readonly databases: DatabasePlacements,
  ) {
    this.#connections = tenantPool ?? pool;
    this.#shared = { connections: this.#connections, schema: SHARED_SCHEMA };
  }

  /** @throws TenantContextMissingError for a tenant that is not in context, TenantStorageMissingError */
  placementOf(tenantId: string): Placement | Promise<Placement> {
    const context = currentTenantContext();
    if (context?.tenant_id !== tenantId) throw new TenantContextMissingError();
    switch (context.isolation_strategy) {
      case "SHARED_RLS":
        return this.#shared;
      case "SCHEMA_PER_TENANT":
        return { connections: this.#connections, schema: schemaOf(tenantId), isOwn: true };
      case "DB_PER_TENANT":
        return this.databases.placementOf({ id: tenantId, region_id: context.region_id });
      default:
        return context.isolation_strategy satisfies never;
    }
  }
}
