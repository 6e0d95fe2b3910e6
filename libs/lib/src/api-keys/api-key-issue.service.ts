import { Injectable } from "@nestjs/common";
import {
  ApiKeyNotFoundError,
  createApiKeySchema,
  rotateApiKeySchema,
  tenantIdSchema,
  validate,
  type AuditContext,
  type CreateApiKeyInput,
  type CreatedApiKey,
  type RotateApiKeyInput,
} from "@stratum-hq/core";
import { currentCaller } from "../context/caller";
import { requireGrantable } from "../context/authorization";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import { TenantGate } from "../tenancy/tenant-gate";
import { isKeyVisible, requireUsable } from "./api-key-access";
import { keyRecords } from "./api-key-records";
import { ApiKeyStore } from "./api-key.store";
import { KeyIssuer } from "./key-issuer";

/** Creates and rotates API keys. */
@Injectable()
export class ApiKeyIssueService {
  constructor(
    private readonly database: Database,
    private readonly gate: TenantGate,
    private readonly issuer: KeyIssuer,
    private readonly store: ApiKeyStore,
    private readonly log: MutationLog,
  ) {}

  /**
   * Creates a key of a tenant, or (null) of the platform. The result alone has the key itself, as
   * `plaintext_key`: what is kept is an HMAC of it.
   *
   * @param nameOrOptions the key's name, or its name, scopes (default `["read"]`), role, expiry and limits
   * @param expiresAt when it ends, beside a name; never where left out
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ForbiddenError for a key of the platform by a tenant's caller, RoleNotFoundError,
   *   ScopeEscalationError for scopes that the caller lacks
   */
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
    const key = await this.issuer.make();
    return this.database.transaction(async (tx) => {
      const tenant = await this.gate.enter(tx, tenant_id, "create an API key for", caller);
      await this.issuer.requireTerms(tx, terms, tenant?.path ?? null, caller);
      const created = await this.issuer.issue(tx, key, terms);
      await this.log.record(tx, caller, ...keyRecords("api_key.created", null, created));
      return created;
    });
  }

  /**
   * Puts a new key in the place of one: same tenant, scopes, role, limits and expiry, another text and
   * id. The old one ends at once or, with `overlap_ms`, after so long.
   *
   * @param nameOrOptions the new key's name, or `{ name, overlap_ms }`; the name stays where left out
   * @throws ValidationError, ApiKeyNotFoundError, ApiKeyNotActiveError, TenantSuspendedError,
   *   TenantArchivedError, ScopeEscalationError where the key may do what the caller may not
   */
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
    const key = await this.issuer.make();
    return this.database.transaction(async (tx) => {
      await this.gate.enter(tx, seen.tenant_id, "rotate an API key of", caller);
      const old = await this.store.findForUpdate(tx, keyId);
      if (old === undefined) throw new ApiKeyNotFoundError(keyId);
      requireUsable(old);
      requireGrantable(caller, await this.issuer.scopesOf(old, tx), old.tenant_id);
      const created = await this.issuer.issue(tx, key, { ...old, name: name ?? old.name });
      await this.store.replace(tx, keyId, created.id, overlap_ms);
      await this.log.record(tx, caller, ...keyRecords("api_key.rotated", old, created));
      return created;
    });
  }
}
