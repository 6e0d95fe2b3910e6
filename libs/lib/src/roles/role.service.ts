import { Injectable } from "@nestjs/common";
import {
  createRoleSchema,
  RoleAlreadyExistsError,
  RoleInUseError,
  tenantIdSchema,
  updateRoleSchema,
  validate,
  type AuditContext,
  type CreateRoleInput,
  type Role,
  type UpdateRoleInput,
  type RolesApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { requireGrantable } from "../context/authorization";
import { IdGenerator } from "../persistence/id-generator";
import { requireVersion } from "../tenancy/access";
import { Mutations } from "../tenancy/mutations";
import { isRoleVisible, toRole } from "./role-access";
import { roleRecords } from "./role-records";
import { RoleStore, type RoleFields, type RoleRow } from "./role.store";

/** Creates, changes and deletes roles: named sets of scopes. */
@Injectable()
export class RoleService implements Pick<RolesApi, "createRole" | "updateRole" | "deleteRole"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: RoleStore,
    private readonly ids: IdGenerator,
  ) {}

  async createRole(input: CreateRoleInput, audit?: AuditContext): Promise<Role> {
    const caller = currentCaller(audit);
    const { name, scopes, ...rest } = validate(createRoleSchema, input, "input");
    const tenant_id = rest.tenant_id ?? null;
    const request = { tenant: tenant_id, caller, operation: "create a role for" };
    const creation = this.mutations.run(request, async (m) => {
      requireGrantable(caller, scopes, tenant_id);
      const description = rest.description ?? null;
      const role = { id: this.ids.next(), tenant_id, name, description, scopes };
      const created = await this.store.insert(m.tx, role);
      await m.record(...roleRecords("role.created", null, created));
      return created;
    });
    return named(name, tenant_id, creation);
  }

  async updateRole(id: string, input: UpdateRoleInput, audit?: AuditContext): Promise<Role | null> {
    const caller = currentCaller(audit);
    const roleId = validate(tenantIdSchema, id, "id");
    const update = validate(updateRoleSchema, input, "input");
    const visible = await this.visible(roleId, caller);
    if (visible === null) return null;
    const request = { tenant: visible.tenant_id, caller, operation: "change a role of" };
    const change = this.mutations.run(request, async (m) => {
      const role = await this.store.findLocked(m.tx, roleId, "update");
      if (role === undefined) return null;
      const fields = merged(role, update);
      requireGrantable(caller, added(role.scopes, fields.scopes), role.tenant_id);
      requireVersion(role, update.expected_version, "Role");
      if (unchanged(role, fields)) return toRole(role);
      const updated = await this.store.update(m.tx, roleId, fields);
      await m.record(...roleRecords("role.updated", role, updated));
      return updated;
    });
    return named(update.name ?? null, visible.tenant_id, change);
  }

  async deleteRole(id: string, audit?: AuditContext): Promise<boolean> {
    const caller = currentCaller(audit);
    const roleId = validate(tenantIdSchema, id, "id");
    const visible = await this.visible(roleId, caller);
    if (visible === null) return false;
    return this.mutations.run({ tenant: visible.tenant_id, caller, operation: null }, async (m) => {
      const role = await this.store.findLocked(m.tx, roleId, "update");
      if (role === undefined) return false;
      const { api_keys, principals } = await this.store.uses(m.tx, roleId);
      if (api_keys + principals > 0) throw new RoleInUseError(roleId, api_keys, principals);
      await this.store.delete(m.tx, roleId);
      await m.record(...roleRecords("role.deleted", role, null));
      return true;
    });
  }

  private async visible(roleId: string, caller: Caller): Promise<RoleRow | null> {
    const role = await this.store.find(roleId);
    return role !== undefined && isRoleVisible(caller, role) ? role : null;
  }
}

/** Waits for a change that may take a name which its owner has given to another role. */
async function named<T>(
  name: string | null,
  tenantId: string | null,
  change: Promise<T>,
): Promise<T> {
  return change.catch((error: unknown) => {
    throw error instanceof RoleAlreadyExistsError
      ? new RoleAlreadyExistsError(name, tenantId)
      : error;
  });
}

function merged(role: Role, update: UpdateRoleInput): RoleFields {
  return {
    name: update.name ?? role.name,
    description: update.description === undefined ? role.description : update.description,
    scopes: update.scopes ?? role.scopes,
  };
}

function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((scope) => !before.includes(scope));
}

function unchanged(role: Role, fields: RoleFields): boolean {
  return (
    role.name === fields.name &&
    role.description === fields.description &&
    role.scopes.join() === fields.scopes.join()
  );
}
