import { Inject, Injectable } from "@nestjs/common";
import {
  ForbiddenError,
  PermissionBannedError,
  PermissionLockedError,
  type PermissionMode,
} from "@stratum-hq/core";
import { isPlatformAdmin, type Caller } from "../context/caller";
import type { Transaction } from "../persistence/transaction";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { requireActive, requireVisible } from "../tenancy/access";
import { knownTo } from "../tenancy/disclosure";
import { requireSameTree, TreeLocksStore } from "../tenancy/tree-locks.store";
import { requireDelegated, type WantedPolicy } from "./delegation";
import { PermissionStore, type PermissionPreconditions } from "./permission.store";

/** Decides who may do what with a key at a tenant, from what its chain says. */
@Injectable()
export class PermissionAuthority {
  constructor(
    private readonly locks: TreeLocksStore,
    private readonly store: PermissionStore,
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
  ) {}

  /**
   * Locks the key in the tenant's tree, then reads what its chain says. Any change of a policy changes
   * what tenants below may do, so that writers of one key follow each other.
   *
   * @throws TenantNotFoundError, TenantSuspendedError, TenantArchivedError
   */
  async preconditions(
    tx: Transaction,
    tenantId: string,
    key: string,
    caller: Caller,
  ): Promise<PermissionPreconditions> {
    const held = await this.locks.lock(tx, {
      tenants: [tenantId],
      tree: "shared",
      keys: { of: [`permission:${key}`], mode: "exclusive" },
    });
    const lookup = { tenant_id: tenantId };
    const preconditions = requireVisible(
      await this.store.preconditions(tx, tenantId, key),
      caller,
      lookup,
    );
    requireSameTree(held, preconditions);
    requireActive(preconditions, "change the permissions of");
    return preconditions;
  }

  /**
   * Refuses a policy that the tenants above do not let the tenant have.
   *
   * @param mode the mode that the policy is to have; null where it is to go
   * @throws PermissionBannedError, PermissionLockedError, PermissionNotDelegatedError
   */
  require(
    preconditions: PermissionPreconditions,
    key: string,
    mode: PermissionMode | null,
    caller: Caller,
  ): void {
    const { path, banned_at } = preconditions;
    if (mode !== null && banned_at !== null) {
      throw new PermissionBannedError(key, knownTo(caller, path, banned_at));
    }
    const wanted: WantedPolicy = {
      key,
      mode,
      locked: (...of) => new PermissionLockedError(...of),
    };
    requireDelegated(preconditions, wanted, this.options.permissionOrigin, caller);
  }
}

/** Refuses `force` to all but the platform. @throws ForbiddenError */
export function requireForce(force: boolean | undefined, caller: Caller): void {
  if (force !== true || isPlatformAdmin(caller)) return;
  throw new ForbiddenError(
    "Only the platform may pass { force: true }, with scope platform:admin.",
    {
      tenant_id: caller.bound_to,
    },
  );
}
