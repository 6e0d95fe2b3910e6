import { Injectable } from "@nestjs/common";
import {
  effectiveScopes,
  principalIdSchema,
  principalTypeSchema,
  tenantIdSchema,
  validate,
  type AuditContext,
  type RolesApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requireGrantable } from "../context/authorization";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import type { TenantRow } from "../tenancy/tenant-row";
import { PrincipalRoleStore, type Principal } from "./principal-role.store";
import { requireServing } from "./role-access";
import { assignmentRecords } from "./role-records";
import { RoleStore } from "./role.store";

/** Gives roles to principals of the host application: users, services, groups. */
@Injectable()
export class PrincipalRoleService implements Pick<RolesApi, "assignRole" | "removeRole"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly roles: RoleStore,
    private readonly store: PrincipalRoleStore,
  ) {}

  async assignRole(
    type: string,
    principal: string,
    roleId: string,
    tenantId?: string | null,
    audit?: AuditContext,
  ): Promise<boolean> {
    const caller = currentCaller(audit);
    const who = parsePrincipal(type, principal, tenantId);
    const role = validate(tenantIdSchema, roleId, "roleId");
    const operation = "assign a role in";
    const request = { tenant: who.tenant_id, caller, operation, lock: { names: [nameOf(who)] } };
    return this.mutations.run(request, async (m) => {
      await this.requireGrant(m, role, who);
      const before = await this.store.find(m.tx, who);
      if (before === role) return true;
      await this.store.put(m.tx, who, role);
      await m.record(...assignmentRecords(holderOf(who), before ?? null, role));
      return true;
    });
  }

  async removeRole(
    type: string,
    principal: string,
    tenantId?: string | null,
    audit?: AuditContext,
  ): Promise<boolean> {
    const caller = currentCaller(audit);
    const who = parsePrincipal(type, principal, tenantId);
    const lock = { names: [nameOf(who)] };
    const request = { tenant: who.tenant_id, caller, operation: null, lock };
    return this.mutations.run(request, async (m) => {
      const before = await this.store.find(m.tx, who);
      if (before === undefined) return false;
      await this.store.delete(m.tx, who);
      await m.record(...assignmentRecords(holderOf(who), before, null));
      return true;
    });
  }

  private async requireGrant(
    { tx, caller, tenant }: Mutation<TenantRow | null>,
    roleId: string,
    { tenant_id }: Principal,
  ): Promise<void> {
    const found = await this.roles.findLocked(tx, roleId, "share");
    const role = requireServing(found, roleId, tenant?.path ?? null, caller);
    requireGrantable(caller, effectiveScopes(role.scopes, tenant_id), tenant_id);
  }
}

/** Reads who a call is about. @throws ValidationError */
export function parsePrincipal(
  type: string,
  principal: string,
  tenantId: string | null | undefined,
): Principal {
  return {
    type: validate(principalTypeSchema, type, "type"),
    id: validate(principalIdSchema, principal, "principal"),
    tenant_id: validate(tenantIdSchema.nullish(), tenantId, "tenantId") ?? null,
  };
}

/** What is locked while a principal's role is changed. */
function nameOf({ type, id, tenant_id }: Principal): string {
  return `principal:${type}:${id}:${tenant_id ?? ""}`;
}

function holderOf({ type, id, tenant_id }: Principal) {
  return { resource_type: "principal", resource_id: `${type}:${id}`, tenant_id } as const;
}
