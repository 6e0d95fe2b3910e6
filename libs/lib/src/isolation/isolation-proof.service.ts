import { Inject, Injectable } from "@nestjs/common";
import { proofSchema, validate, type IsolationReport, type ProofOptions } from "@stratum-hq/core";
import { proveIsolation } from "@stratum-hq/db-adapters";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ContextKeys } from "../context-keys/context-keys";
import { IsolationPlaces } from "./isolation-places";
import { TenantPoolService } from "./tenant-pool.service";

/** Proves that no tenant reaches another's rows, for platform administrators. */
@Injectable()
export class IsolationProofService {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly pools: TenantPoolService,
    private readonly keys: ContextKeys,
    private readonly places: IsolationPlaces,
  ) {}

  /**
   * Looks through every placement's catalogue, and attacks each table of tenants' rows as one tenant that does
   * not exist against another, in transactions that are rolled back (docs/proof.md).
   *
   * @param options `{ attacks: false }` for the catalogue alone
   * @returns what was found; `sound` says whether it is nothing
   * @throws ForbiddenError, ValidationError, TenantRoleMissingError, TenantPoolUnsafeError
   */
  async proveIsolation(options: ProofOptions = {}): Promise<IsolationReport> {
    requirePlatformAdmin(currentCaller());
    const { attacks } = validate(proofSchema, options, "options");
    // What verifies the canaries' contexts is in the database from then on.
    await this.pools.tenantPool();
    return proveIsolation({
      places: this.places.places(),
      key: await this.keys.current(),
      hardened: this.places.hardened,
      attacks: attacks ?? true,
      preparedStatements: this.options.preparedStatements ?? "auto",
    });
  }
}
