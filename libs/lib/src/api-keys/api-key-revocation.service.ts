import { Injectable } from "@nestjs/common";
import {
  revokeApiKeysSchema,
  tenantIdSchema,
  validate,
  type AuditContext,
  type RevokeApiKeysInput,
  type ApiKeysApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller } from "../context/caller";
import { Mutations } from "../tenancy/mutations";
import { isKeyVisible } from "./api-key-access";
import { keyRecords } from "./api-key-records";
import { ApiKeyStore } from "./api-key.store";

/** Ends API keys, in whatever state their tenants are. */
@Injectable()
export class ApiKeyRevocationService implements Pick<ApiKeysApi, "revokeApiKey" | "revokeApiKeys"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: ApiKeyStore,
  ) {}

  async revokeApiKey(id: string, audit?: AuditContext): Promise<boolean> {
    const caller = currentCaller(audit);
    const keyId = validate(tenantIdSchema, id, "id");
    const seen = await this.store.find(keyId);
    if (seen === undefined || !isKeyVisible(caller, seen)) return false;
    return this.mutations.run({ tenant: seen.tenant_id, caller, operation: null }, async (m) => {
      const key = await this.store.findForUpdate(m.tx, keyId);
      if (key === undefined || key.revoked_at !== null) return false;
      const revoked = await this.store.revoke(m.tx, keyId);
      await m.record(...keyRecords("api_key.revoked", key, revoked));
      return true;
    });
  }

  async revokeApiKeys(
    tenantId: string,
    options?: RevokeApiKeysInput | AuditContext,
    audit?: AuditContext,
  ): Promise<number> {
    const id = validate(tenantIdSchema, tenantId, "tenantId");
    const call = readOptions(revokeApiKeysSchema, options, audit);
    const subtree = call.options.subtree ?? false;
    return this.mutations.run({ tenant: id, caller: call.caller, operation: null }, async (m) =>
      m.recordBulk({
        ...this.store.revocation(m.tenant.path, subtree),
        action: "api_key.revoked",
        event: { type: "api_key.revoked", tenant_id: id, data: { subtree } },
      }),
    );
  }
}
