import { Inject, Injectable } from "@nestjs/common";
import { TenantTableInvalidError } from "@stratum-hq/core";
import { DeclaredTables, type TenantTables } from "@stratum-hq/db-adapters";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { AllTables } from "./all-tables";

/** The tables that tenants' rows are kept in, of the options and of every module that adds its own. */
@Injectable()
export class TenantTableRegistry {
  readonly #added: TenantTables[] = [];

  /** @throws TenantTableInvalidError for a declaration of the options */
  constructor(@Inject(STRATUM_OPTIONS) { tenantTables = [] }: StratumOptions) {
    this.add(new DeclaredTables(tenantTables));
  }

  /**
   * Adds tables, before the application has started: their place is after those added before.
   *
   * @throws TenantTableInvalidError for a name that is taken
   */
  add(tables: TenantTables): void {
    const { names } = this.tables();
    const twice = tables.names.find((name) => names.includes(name));
    if (twice !== undefined) throw new TenantTableInvalidError(twice, ["it is declared twice"]);
    this.#added.push(tables);
  }

  /** All of them, in order. */
  tables(): TenantTables {
    return new AllTables([...this.#added]);
  }
}
