import { Inject, Injectable } from "@nestjs/common";
import type { Place, TenantConnections } from "@stratum-hq/db-adapters";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { DatabasePlacements } from "../tenant-databases/database-placements";
import type { DatabaseTenant } from "../tenant-databases/tenant-databases";
import { DatabaseTenantsStore } from "./database-tenants.store";
import { databaseOf } from "./storage-names";

/** Tenants with databases of their own that are asked for at a time. */
const PAGE = 100;

/** Every database in which tenants' tables are. */
@Injectable()
export class IsolationPlaces {
  /** Whether tenants' statements have a login of their own. */
  readonly hardened: boolean;
  readonly #shared: TenantConnections;

  constructor(
    @Inject(STRATUM_OPTIONS) { pool, tenantPool }: StratumOptions,
    private readonly tenants: DatabaseTenantsStore,
    private readonly placements: DatabasePlacements,
  ) {
    this.hardened = tenantPool !== undefined;
    this.#shared = tenantPool ?? pool;
  }

  /** The database with the shared schema and the tenants' schemas, by the login of tenants' statements. */
  shared(): Place {
    return { name: "shared", connections: this.#shared };
  }

  /** That one, and the tenants' databases, one after the other. */
  async *places(): AsyncGenerator<Place, void, undefined> {
    yield this.shared();
    let after: string | null = null;
    for (;;) {
      const page: DatabaseTenant[] = await this.tenants.page(after, PAGE);
      for (const tenant of page) yield this.placeOf(tenant);
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  }

  /** One that cannot be reached is known when a connection is asked for, and keeps no other from its turn. */
  private placeOf(tenant: DatabaseTenant): Place {
    const connect = async () => (await this.placements.placementOf(tenant)).connections.connect();
    return { name: databaseOf(tenant.id), connections: { connect } };
  }
}
