import { Injectable } from "@nestjs/common";
import { PLATFORM_SCOPE, type CreatedApiKey } from "@stratum-hq/core";
import { requireGrantable } from "../context/authorization";
import { currentCaller } from "../context/caller";
import type { Mutation } from "../tenancy/mutation";
import { Mutations } from "../tenancy/mutations";
import { keyRecords } from "./api-key-records";
import { ApiKeyStore } from "./api-key.store";
import { KeyHash, type NewKey } from "./key-hash";

/** Processes that start together take their turns by this name. */
const LOCK = "stratum.first_key";
const NAME = "First key";

/**
 * Makes the key that all other keys come from: the platform's, with the scope platform:admin. Nothing else in
 * Stratum gives a key to somebody who has none.
 */
@Injectable()
export class FirstKeyService {
  constructor(
    private readonly mutations: Mutations,
    private readonly hash: KeyHash,
    private readonly store: ApiKeyStore,
  ) {}

  /**
   * Makes the first key of a database. Of several processes that call this at once, one gets the key.
   *
   * @returns the key, which nothing shows again; null if the platform has a key, or had one that was revoked
   * @throws ScopeEscalationError for a caller in context that lacks platform:admin
   */
  async create(): Promise<CreatedApiKey | null> {
    const key = await this.hash.create();
    return this.inTurn(async (m) =>
      (await this.store.hasPlatformKey(m.tx)) ? null : this.issue(m, key),
    );
  }

  /**
   * Makes a key of the platform out of a text that the operator chose. A key that was revoked stays revoked.
   *
   * @param plaintext a prefix that ends in `_`, then 32 random bytes in base64url
   * @returns false if the database has this key already
   * @throws ValidationError for a text of another form; ScopeEscalationError as above
   */
  async install(plaintext: string): Promise<boolean> {
    const key = await this.hash.adopt(plaintext);
    return this.inTurn(async (m) => {
      if ((await this.store.findByHash(key.hash, m.tx)) !== undefined) return false;
      await this.issue(m, key);
      return true;
    });
  }

  private async inTurn<T>(work: (mutation: Mutation<null>) => Promise<T>): Promise<T> {
    const caller = currentCaller();
    requireGrantable(caller, [PLATFORM_SCOPE], null);
    const lock = { names: [LOCK] };
    return this.mutations.run({ caller, tenant: null, operation: null, lock }, work);
  }

  private async issue(m: Mutation<null>, key: NewKey): Promise<CreatedApiKey> {
    const created = await this.store.insert(m.tx, {
      tenant_id: null,
      name: NAME,
      key_prefix: key.prefix,
      key_hint: key.hint,
      key_hash: key.hash,
      scopes: [PLATFORM_SCOPE],
      role_id: null,
      rate_limit_max: null,
      rate_limit_window: null,
      expires_at: null,
    });
    await m.record(...keyRecords("api_key.created", null, created));
    return { ...created, plaintext_key: key.plaintext };
  }
}
