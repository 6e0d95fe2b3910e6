import { Injectable } from "@nestjs/common";
import {
  revokeApiKeysSchema,
  tenantIdSchema,
  validate,
  type AuditContext,
  type RevokeApiKeysInput,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller } from "../context/caller";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import type { TenantRow } from "../tenancy/tenant-row";
import { TenantGate } from "../tenancy/tenant-gate";
import { isKeyVisible } from "./api-key-access";
import { keyRecords } from "./api-key-records";
import { ApiKeyStore } from "./api-key.store";

/** Ends API keys, in whatever state their tenants are. */
@Injectable()
export class ApiKeyRevocationService {
  constructor(
    private readonly database: Database,
    private readonly gate: TenantGate,
    private readonly store: ApiKeyStore,
    private readonly log: MutationLog,
  ) {}

  /**
   * Ends a key for good. False for one that is not there, or revoked already.
   *
   * @throws ValidationError
   */
  async revokeApiKey(id: string, audit?: AuditContext): Promise<boolean> {
    const caller = currentCaller(audit);
    const keyId = validate(tenantIdSchema, id, "id");
    const seen = await this.store.find(keyId);
    if (seen === undefined || !isKeyVisible(caller, seen)) return false;
    return this.database.transaction(async (tx) => {
      await this.gate.hold(tx, seen.tenant_id, caller);
      const key = await this.store.findForUpdate(tx, keyId);
      if (key === undefined || key.revoked_at !== null) return false;
      const revoked = await this.store.revoke(tx, keyId);
      await this.log.record(tx, caller, ...keyRecords("api_key.revoked", key, revoked));
      return true;
    });
  }

  /**
   * Ends all keys of a tenant, with `subtree` those of the tenants below it too, in one statement.
   * Returns how many there were.
   *
   * @throws ValidationError, TenantNotFoundError, TenantTreeBusyError
   */
  async revokeApiKeys(
    tenantId: string,
    options?: RevokeApiKeysInput | AuditContext,
    audit?: AuditContext,
  ): Promise<number> {
    const id = validate(tenantIdSchema, tenantId, "tenantId");
    const call = readOptions(revokeApiKeysSchema, options, audit);
    const subtree = call.options.subtree ?? false;
    return this.database.transaction(async (tx) => {
      const { path } = (await this.gate.hold(tx, id, call.caller)) as TenantRow;
      return this.log.recordBulk(tx, call.caller, {
        ...this.store.revocation(path, subtree),
        action: "api_key.revoked",
        event: { type: "api_key.revoked", tenant_id: id, data: { subtree } },
      });
    });
  }
}
