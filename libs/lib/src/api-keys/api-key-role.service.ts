import { Injectable } from "@nestjs/common";
import {
  effectiveScopes,
  tenantIdSchema,
  validate,
  type AuditContext,
  type ApiKeysApi,
} from "@stratum-hq/core";
import { currentCaller, type Caller } from "../context/caller";
import { requireGrantable } from "../context/authorization";
import type { Transaction } from "../persistence/transaction";
import { assignmentRecords } from "../roles/role-records";
import { RoleStore } from "../roles/role.store";
import { Mutations } from "../tenancy/mutations";
import { isKeyVisible } from "./api-key-access";
import { requireGrantableRole, scopesOf } from "./api-key-scopes";
import { ApiKeyStore, type ApiKeyRow } from "./api-key.store";

/** Gives roles to API keys: a key that has one can do what the role says, and nothing of its own. */
@Injectable()
export class ApiKeyRoleService implements Pick<
  ApiKeysApi,
  "assignRoleToKey" | "removeRoleFromKey" | "resolveKeyScopes"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly roles: RoleStore,
    private readonly store: ApiKeyStore,
  ) {}

  async assignRoleToKey(keyId: string, roleId: string, audit?: AuditContext): Promise<boolean> {
    const role = validate(tenantIdSchema, roleId, "roleId");
    return this.change(keyId, role, currentCaller(audit), async (tx, key, caller) => {
      await requireGrantableRole(tx, this.roles, role, key, caller);
    });
  }

  async removeRoleFromKey(keyId: string, audit?: AuditContext): Promise<boolean> {
    return this.change(keyId, null, currentCaller(audit), (_tx, key, caller) => {
      requireGrantable(caller, effectiveScopes(key.scopes, key.tenant_id), key.tenant_id);
    });
  }

  async resolveKeyScopes(keyId: string): Promise<string[]> {
    const key = await this.visible(validate(tenantIdSchema, keyId, "keyId"), currentCaller());
    return key === null || key.revoked_at !== null ? [] : scopesOf(this.roles, key);
  }

  private async change(
    id: string,
    roleId: string | null,
    caller: Caller,
    requireGrant: (tx: Transaction, key: ApiKeyRow, caller: Caller) => Promise<void> | void,
  ): Promise<boolean> {
    const keyId = validate(tenantIdSchema, id, "keyId");
    const seen = await this.visible(keyId, caller);
    if (seen === null) return false;
    const { tenant_id } = seen;
    const request = { tenant: tenant_id, caller, operation: "change the role of an API key of" };
    return this.mutations.run(request, async (m) => {
      const key = await this.store.findForUpdate(m.tx, keyId);
      if (key === undefined || key.revoked_at !== null) return false;
      await requireGrant(m.tx, key, caller);
      if (key.role_id === roleId) return true;
      await this.store.setRole(m.tx, keyId, roleId);
      const holder = { resource_type: "api_key", resource_id: keyId, tenant_id } as const;
      await m.record(...assignmentRecords(holder, key.role_id, roleId));
      return true;
    });
  }

  private async visible(keyId: string, caller: Caller): Promise<ApiKeyRow | null> {
    const key = await this.store.find(keyId);
    return key !== undefined && isKeyVisible(caller, key) ? key : null;
  }
}
