import { Inject, Injectable } from "@nestjs/common";
import {
  ForbiddenError,
  PermissionBannedError,
  PermissionLockedError,
  type PermissionMode,
} from "@stratum-hq/core";
import { isPlatformAdmin, type Caller } from "../context/caller";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { knownTo } from "../tenancy/disclosure";
import type { MutationApproach, MutationRequest } from "../tenancy/mutations";
import { requireDelegated, type WantedPolicy } from "./delegation";
import { PermissionStore, type PermissionPreconditions } from "./permission.store";

/** What every change of permissions does to the tenant, for the error of one that is not active. */
export const CHANGE_PERMISSIONS = "change the permissions of";

type PermissionApproach = Required<MutationApproach<PermissionPreconditions>>;

/** Decides who may do what with a key at a tenant, from what its chain says. */
@Injectable()
export class PermissionAuthority {
  constructor(
    private readonly store: PermissionStore,
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
  ) {}

  /** A change of a key's policies at a tenant. */
  change(
    tenant: string,
    key: string,
    caller: Caller,
  ): MutationRequest<string, PermissionPreconditions> {
    return { tenant, caller, operation: CHANGE_PERMISSIONS, ...this.approach(tenant, key) };
  }

  /**
   * Locks the key in the tenant's tree, then reads what its chain says. Any change of a policy changes
   * what tenants below may do, so that writers of one key follow each other.
   */
  approach(tenant: string, key: string): PermissionApproach {
    return {
      lock: { keys: { of: [`permission:${key}`], mode: "exclusive" } },
      read: (tx) => this.store.preconditions(tx, tenant, key),
    };
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
