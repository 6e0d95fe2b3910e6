import { Injectable } from "@nestjs/common";
import {
  ApiKeyNotFoundError,
  createApiKeySchema,
  rotateApiKeySchema,
  tenantIdSchema,
  validate,
  type ApiKey,
  type AuditContext,
  type CreateApiKeyInput,
  type CreatedApiKey,
  type RotateApiKeyInput,
  type ApiKeysApi,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requireGrantable } from "../context/authorization";
import type { Transaction } from "../persistence/transaction";
import { RoleStore } from "../roles/role.store";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import type { TenantRow } from "../tenancy/tenant-row";
import { isKeyVisible, requireUsable } from "./api-key-access";
import { keyRecords } from "./api-key-records";
import { requireGrantableRole, scopesOf } from "./api-key-scopes";
import { ApiKeyStore, type NewApiKey } from "./api-key.store";
import { KeyHash, type NewKey } from "./key-hash";

/** What a key is to be able to do, and for whom. */
type KeyTerms = Pick<
  ApiKey,
  | "tenant_id"
  | "name"
  | "scopes"
  | "role_id"
  | "rate_limit_max"
  | "rate_limit_window"
  | "expires_at"
>;

/** Creates and rotates API keys, and sees to it that nobody hands out what they do not hold. */
@Injectable()
export class ApiKeyIssueService implements Pick<ApiKeysApi, "createApiKey" | "rotateApiKey"> {
  constructor(
    private readonly mutations: Mutations,
    private readonly hash: KeyHash,
    private readonly roles: RoleStore,
    private readonly store: ApiKeyStore,
  ) {}

  async createApiKey(
    tenantId: string | null,
    nameOrOptions?: string | CreateApiKeyInput | null,
    expiresAt?: Date | string | null,
    audit?: AuditContext,
  ): Promise<CreatedApiKey> {
    const caller = currentCaller(audit);
    const tenant_id = validate(tenantIdSchema.nullable(), tenantId, "tenantId");
    const options =
      typeof nameOrOptions === "object" && nameOrOptions !== null
        ? nameOrOptions
        : { name: nameOrOptions };
    const input = { ...options, ...(expiresAt == null ? {} : { expires_at: expiresAt }) };
    const terms = { ...validate(createApiKeySchema, input, "nameOrOptions"), tenant_id };
    const key = await this.make();
    const request = { tenant: tenant_id, caller, operation: "create an API key for" };
    return this.mutations.run(request, async (m) => {
      await this.requireTerms(m, terms);
      const created = await this.issue(m.tx, key, terms);
      await m.record(...keyRecords("api_key.created", null, created));
      return created;
    });
  }

  async rotateApiKey(
    id: string,
    nameOrOptions?: string | RotateApiKeyInput | null,
    audit?: AuditContext,
  ): Promise<CreatedApiKey> {
    const caller = currentCaller(audit);
    const keyId = validate(tenantIdSchema, id, "id");
    const options =
      typeof nameOrOptions === "string" ? { name: nameOrOptions } : (nameOrOptions ?? {});
    const { name, overlap_ms } = validate(rotateApiKeySchema, options, "nameOrOptions");
    const seen = await this.store.find(keyId);
    if (seen === undefined || !isKeyVisible(caller, seen)) throw new ApiKeyNotFoundError(keyId);
    const key = await this.make();
    const request = { tenant: seen.tenant_id, caller, operation: "rotate an API key of" };
    return this.mutations.run(request, async (m) => {
      const old = await this.store.findForUpdate(m.tx, keyId);
      if (old === undefined) throw new ApiKeyNotFoundError(keyId);
      requireUsable(old);
      requireGrantable(caller, await scopesOf(this.roles, old, m.tx), old.tenant_id);
      const created = await this.issue(m.tx, key, { ...old, name: name ?? old.name });
      await this.store.replace(m.tx, keyId, created.id, overlap_ms);
      await m.record(...keyRecords("api_key.rotated", old, created));
      return created;
    });
  }

  /**
   * Makes a key. Before the transaction that issues it: hashing may have to ask the database for the
   * pepper, and a transaction that waits for a second connection may wait for itself.
   */
  private async make(): Promise<NewKey> {
    return this.hash.create();
  }

  /** Writes a key with the terms given. The text of the key is nowhere but in the result. */
  private async issue(tx: Transaction, key: NewKey, terms: KeyTerms): Promise<CreatedApiKey> {
    const { plaintext, prefix, hint, hash } = key;
    const row: NewApiKey = {
      tenant_id: terms.tenant_id,
      name: terms.name,
      key_prefix: prefix,
      key_hint: hint,
      key_hash: hash,
      scopes: terms.scopes,
      role_id: terms.role_id,
      rate_limit_max: terms.rate_limit_max,
      rate_limit_window: terms.rate_limit_window,
      expires_at: terms.expires_at,
    };
    return { ...(await this.store.insert(tx, row)), plaintext_key: plaintext };
  }

  /**
   * Refuses terms that give more than the caller holds: the key's own scopes and its role's.
   *
   * @throws RoleNotFoundError, ScopeEscalationError
   */
  private async requireTerms(
    { tx, caller, tenant }: Mutation<TenantRow | null>,
    { tenant_id, scopes, role_id }: KeyTerms,
  ): Promise<void> {
    requireGrantable(caller, scopes, tenant_id);
    if (role_id === null) return;
    const key = { tenant_id, path: tenant?.path ?? null };
    await requireGrantableRole(tx, this.roles, role_id, key, caller);
  }
}
