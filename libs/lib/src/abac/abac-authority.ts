import { Inject, Injectable } from "@nestjs/common";
import {
  abacPolicyKey,
  AbacPolicyLockedError,
  type AbacPolicyIdentity,
  type PermissionMode,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { requireDelegated, type WantedPolicy } from "../permissions/delegation";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import type { MutationApproach } from "../tenancy/mutations";
import { AbacStore, type AbacPreconditions } from "./abac.store";

/** Decides who may do what with a policy at a tenant, from what its chain says. */
@Injectable()
export class AbacAuthority {
  constructor(
    private readonly store: AbacStore,
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
  ) {}

  /**
   * Locks the policy's key in the tenant's tree, then reads what the chain says of it. Any change of a
   * policy changes what tenants below may do, so that writers of one key follow each other.
   */
  approach(
    tenant: string,
    policy: AbacPolicyIdentity,
  ): Required<MutationApproach<AbacPreconditions>> {
    return {
      lock: { keys: { of: [`abac:${abacPolicyKey(policy)}`], mode: "exclusive" } },
      read: (tx) => this.store.preconditions(tx, tenant, policy),
    };
  }

  /**
   * Refuses a policy that the tenants above do not let the tenant have.
   *
   * @param mode the mode that the policy is to have; null where it is to go
   * @throws AbacPolicyLockedError, PermissionNotDelegatedError
   */
  require(
    preconditions: AbacPreconditions,
    policy: AbacPolicyIdentity,
    mode: PermissionMode | null,
    caller: Caller,
  ): void {
    const key = abacPolicyKey(policy);
    const wanted: WantedPolicy = {
      key,
      mode,
      locked: (...of) => new AbacPolicyLockedError(...of),
    };
    requireDelegated(preconditions, wanted, this.options.permissionOrigin, caller);
  }
}
