import { Inject, Injectable } from "@nestjs/common";
import {
  abacPolicyKey,
  AbacPolicyLockedError,
  delegationRefusal,
  PermissionNotDelegatedError,
  type AbacPolicyIdentity,
  type PermissionMode,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { mayIntroduce } from "../permissions/origin";
import type { Transaction } from "../persistence/transaction";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { requireActive, requireVisible } from "../tenancy/access";
import { knownTo } from "../tenancy/disclosure";
import { requireSameTree, TreeLocksStore } from "../tenancy/tree-locks.store";
import { AbacStore, type AbacPremises } from "./abac.store";

/** Decides who may do what with a policy at a tenant, from what its chain says. */
@Injectable()
export class AbacAuthority {
  constructor(
    private readonly locks: TreeLocksStore,
    private readonly store: AbacStore,
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
  ) {}

  /**
   * Locks the policy's key in the tenant's tree, then reads what the chain says of it. Any change of a
   * policy changes what tenants below may do, so that writers of one key follow each other.
   *
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError
   */
  async premises(
    tx: Transaction,
    tenantId: string,
    policy: AbacPolicyIdentity,
    caller: Caller,
  ): Promise<AbacPremises> {
    const held = await this.locks.lock(tx, {
      tenants: [tenantId],
      tree: "shared",
      keys: { of: [`abac:${abacPolicyKey(policy)}`], mode: "exclusive" },
    });
    const lookup = { tenant_id: tenantId };
    const found = await this.store.premises(tx, tenantId, policy);
    const premises = requireVisible(found, caller, lookup);
    requireSameTree(held, premises);
    requireActive(premises, "change the ABAC policies of");
    return premises;
  }

  /**
   * Refuses a policy that the tenants above do not let the tenant have.
   *
   * @param mode the mode that the policy is to have; null where it is to go
   * @throws AbacPolicyLockedError, PermissionNotDelegatedError
   */
  require(
    { path, above }: AbacPremises,
    policy: AbacPolicyIdentity,
    mode: PermissionMode | null,
    caller: Caller,
  ): void {
    const introduces = mayIntroduce(this.options.permissionOrigin, path, caller);
    const refusal = delegationRefusal(above, mode, introduces);
    if (refusal === null) return;
    const key = abacPolicyKey(policy);
    const { reason, source_tenant_id: source } = refusal;
    if (source === null) throw new PermissionNotDelegatedError(key, null, true);
    const known = knownTo(caller, path, source);
    throw reason === "locked"
      ? new AbacPolicyLockedError(key, known)
      : new PermissionNotDelegatedError(key, known);
  }
}
