import { Injectable } from "@nestjs/common";
import {
  effectiveScopes,
  ownOrRoleScopes,
  type ApiKey,
  type CreatedApiKey,
  type TenantPath,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { requireGrantable } from "../context/authorization";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { requireServing, serves } from "../roles/role-access";
import { RoleStore, type RoleRow } from "../roles/role.store";
import { ApiKeyStore, type ApiKeyRow, type NewApiKey } from "./api-key.store";
import { KeyHash, type NewKey } from "./key-hash";

/** What a key is to be able to do, and for whom. */
export type KeyTerms = Pick<
  ApiKey,
  | "tenant_id"
  | "name"
  | "scopes"
  | "role_id"
  | "rate_limit_max"
  | "rate_limit_window"
  | "expires_at"
>;

/** Makes keys, and sees to it that nobody hands out what they do not hold. */
@Injectable()
export class KeyIssuer {
  constructor(
    private readonly hash: KeyHash,
    private readonly roles: RoleStore,
    private readonly store: ApiKeyStore,
  ) {}

  /**
   * Makes a key. Before the transaction that issues it: hashing may have to ask the database for the
   * pepper, and a transaction that waits for a second connection may wait for itself.
   */
  async make(): Promise<NewKey> {
    return this.hash.create();
  }

  /** Writes a key with the terms given. The text of the key is nowhere but in the result. */
  async issue(tx: Transaction, key: NewKey, terms: KeyTerms): Promise<CreatedApiKey> {
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
   * @param path of the key's tenant; null for the platform
   * @throws RoleNotFoundError, ScopeEscalationError
   */
  async requireTerms(
    tx: Transaction,
    { tenant_id, scopes, role_id }: KeyTerms,
    path: TenantPath | null,
    caller: Caller,
  ): Promise<void> {
    requireGrantable(caller, scopes, tenant_id);
    if (role_id !== null) await this.requireRole(tx, role_id, { tenant_id, path }, caller);
  }

  /** The scopes in effect of a key, bundles expanded: its role's, while that serves it, or its own. */
  async scopesOf(key: ApiKeyRow, sql?: Sql): Promise<string[]> {
    const role = key.role_id === null ? undefined : await this.roles.find(key.role_id, sql);
    const role_scopes = role !== undefined && serves(role, key.path) ? role.scopes : null;
    return effectiveScopes(ownOrRoleScopes({ ...key, role_scopes }), key.tenant_id);
  }

  /**
   * The role, if the caller may give it to the key: it serves the key's tenant, and gives the key nothing
   * that the caller lacks. It stays as it is until the transaction ends.
   *
   * @throws RoleNotFoundError, ScopeEscalationError
   */
  async requireRole(
    tx: Transaction,
    roleId: string,
    key: { readonly tenant_id: string | null; readonly path: TenantPath | null },
    caller: Caller,
  ): Promise<RoleRow> {
    const found = await this.roles.findLocked(tx, roleId, "share");
    const role = requireServing(found, roleId, key.path, caller);
    requireGrantable(caller, effectiveScopes(role.scopes, key.tenant_id), key.tenant_id);
    return role;
  }
}
