import { Inject, Injectable } from "@nestjs/common";
import type { Place, TenantConnections } from "@stratum-hq/db-adapters";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";

/** Every database in which tenants' tables are. */
@Injectable()
export class IsolationPlaces {
  /** Whether tenants' statements have a login of their own. */
  readonly hardened: boolean;
  readonly #shared: TenantConnections;

  constructor(@Inject(STRATUM_OPTIONS) { pool, tenantPool }: StratumOptions) {
    this.hardened = tenantPool !== undefined;
    this.#shared = tenantPool ?? pool;
  }

  /** The database with the shared schema and the tenants' schemas, by the login of tenants' statements. */
  shared(): Place {
    return { name: "shared", connections: this.#shared };
  }

  /** All of them, one after the other. */
  *places(): Generator<Place, void, undefined> {
    yield this.shared();
  }
}
