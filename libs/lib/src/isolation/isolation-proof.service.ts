import { Inject, Injectable } from "@nestjs/common";
import {
  proofSchema,
  validate,
  type IsolationReport,
  type ProofOptions,
  type IsolationApi,
} from "@stratum-hq/core";
import { proveIsolation } from "@stratum-hq/db-adapters";
import { currentCaller } from "../context/caller";
import { requirePlatformAdmin } from "../context/authorization";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ContextKeys } from "../context-keys/context-keys";
import { IsolationPlaces } from "./isolation-places";
import { TenantPoolService } from "./tenant-pool.service";

/** Proves that no tenant reaches another's rows, for platform administrators. */
@Injectable()
export class IsolationProofService implements Pick<IsolationApi, "proveIsolation"> {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly pools: TenantPoolService,
    private readonly keys: ContextKeys,
    private readonly places: IsolationPlaces,
  ) {}

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
