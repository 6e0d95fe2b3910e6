import { Injectable } from "@nestjs/common";
import {
  banPermissionSchema,
  chainOf,
  ForbiddenError,
  permissionKeySchema,
  PermissionLockedError,
  PermissionNotFoundError,
  PermissionRevocationDeniedError,
  tenantIdSchema,
  validate,
  type AuditContext,
  type BanPermissionInput,
  type PermissionBan,
  type PermissionsApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller, type Caller } from "../context/caller";
import { knownTo } from "../tenancy/disclosure";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import { PermissionAuthority, requireForce } from "./permission-authority";
import { PermissionBanStore, type BanRow } from "./permission-ban.store";
import { banRecords, forcedMetadata, liftRecords } from "./permission-records";
import { PermissionStore, type PermissionPreconditions } from "./permission.store";

/** Revokes keys for good, and takes that back. */
@Injectable()
export class PermissionBanService implements Pick<
  PermissionsApi,
  "banPermission" | "liftPermissionBan"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly authority: PermissionAuthority,
    private readonly policies: PermissionStore,
    private readonly bans: PermissionBanStore,
  ) {}

  async banPermission(
    id: string,
    key: string,
    options?: BanPermissionInput | AuditContext,
    audit?: AuditContext,
  ): Promise<PermissionBan> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const valid = validate(permissionKeySchema, key, "key");
    const call = readOptions(banPermissionSchema, options, audit);
    const { force } = call.options;
    requireForce(force, call.caller);
    return this.mutations.run(this.authority.change(tenantId, valid, call.caller), async (m) => {
      requireNotLockedAbove(m.tenant, valid, call.caller);
      const ban = { tenant_id: tenantId, key: valid, banned_by: call.caller.bound_to };
      const made = await this.bans.insert(m.tx, ban);
      if (made === undefined) return toBan((await this.bans.find(m.tx, tenantId, valid)) as BanRow);
      await this.revoke(m, valid, force);
      await m.record(...banRecords(made, force));
      return toBan(made);
    });
  }

  async liftPermissionBan(id: string, key: string, audit?: AuditContext): Promise<void> {
    const caller = currentCaller(audit);
    const tenantId = validate(tenantIdSchema, id, "id");
    const valid = validate(permissionKeySchema, key, "key");
    await this.mutations.run(this.authority.change(tenantId, valid, caller), async (m) => {
      const ban = await this.bans.find(m.tx, tenantId, valid);
      if (ban === undefined) throw new PermissionNotFoundError({ tenant_id: tenantId, key: valid });
      requireAuthority(m.tenant, ban, caller);
      await this.bans.delete(m.tx, tenantId, valid);
      await m.record(...liftRecords(ban));
    });
  }

  private async revoke(
    m: Mutation<PermissionPreconditions>,
    key: string,
    force: boolean | undefined,
  ): Promise<void> {
    const { path } = m.tenant;
    if (force !== true) {
      const permanent = await this.policies.permanentWithin(m.tx, path, key);
      if (permanent !== undefined) throw new PermissionRevocationDeniedError({ key, ...permanent });
    }
    await m.recordBulk({
      ...this.policies.cascade(path, key, true),
      action: "permission.deleted",
      event: null,
      ...forcedMetadata(force),
    });
  }
}

function toBan({ tenant_id, key, created_at }: BanRow): PermissionBan {
  return { tenant_id, key, created_at };
}

/** A caller bound to a tenant takes nothing away that a level above it has locked. */
function requireNotLockedAbove(
  { path, above }: PermissionPreconditions,
  key: string,
  caller: Caller,
): void {
  const { bound_to } = caller;
  if (bound_to === null) return;
  const chain = chainOf(path);
  const own = chain.indexOf(bound_to);
  const lock = above.find(
    ({ mode, tenant_id }) => mode === "LOCKED" && chain.indexOf(tenant_id) < own,
  );
  if (lock !== undefined)
    throw new PermissionLockedError(key, knownTo(caller, path, lock.tenant_id));
}

/** A caller bound to a tenant may lift what its own level or one below banned, not what one above did. */
function requireAuthority(
  { id, path }: PermissionPreconditions,
  { key, banned_by }: BanRow,
  { bound_to }: Caller,
): void {
  if (bound_to === null) return;
  const chain = chainOf(path);
  // The platform (null), and a tenant that is no longer on the chain, count as above.
  if (banned_by !== null && chain.indexOf(banned_by) >= chain.indexOf(bound_to)) return;
  throw new ForbiddenError(
    `"${key}" was banned at tenant ${id} by a level above. Ask that level to lift the ban.`,
    { tenant_id: id, key },
  );
}
