import { Injectable } from "@nestjs/common";
import {
  deepFreeze,
  effectiveScopes,
  ownOrRoleScopes,
  ValidationError,
  type ValidatedApiKey,
  type ApiKeysApi,
} from "@stratum-hq/core";
import { timingSafeEqual } from "node:crypto";
import { isStrong, type ReadOptions } from "../context/read-options";
import type { Cached } from "../persistence/chain-cache";
import { Clock } from "../persistence/clock";
import { requireActive } from "../tenancy/access";
import { ApiKeyCache, type KnownKey } from "./api-key.cache";
import { ApiKeyStore, type KeyCredential } from "./api-key.store";
import { KeyHash } from "./key-hash";
import { KeyUseRecorder } from "./key-use-recorder";

/** Tells what a key stands for. */
@Injectable()
export class ApiKeyValidationService implements Pick<ApiKeysApi, "validateApiKey"> {
  constructor(
    private readonly hash: KeyHash,
    private readonly store: ApiKeyStore,
    private readonly cache: ApiKeyCache,
    private readonly uses: KeyUseRecorder,
    private readonly clock: Clock,
  ) {}

  async validateApiKey(key: string, options?: ReadOptions): Promise<ValidatedApiKey | null> {
    if (typeof key !== "string") {
      throw new ValidationError("key", [{ path: "", message: "expected a string" }]);
    }
    const strong = options !== undefined && isStrong(options);
    const hash = await this.hash.ofCandidate(key);
    if (hash === null) return this.refuse("malformed", null);
    const known =
      (strong ? undefined : this.cache.peek(hash)) ?? (await this.resolve(hash, strong));
    return known === undefined ? this.refuse("unknown", hash) : this.accept(known, hash);
  }

  /** The same for a key that was seen lately, without waiting; undefined for any other. */
  validateNow(key: string): ValidatedApiKey | null | undefined {
    const hash = this.hash.ofCandidateNow(key);
    const known = hash === undefined ? undefined : this.cache.peek(hash);
    return known === undefined || hash === undefined ? undefined : this.accept(known, hash);
  }

  private accept({ value }: Cached<KnownKey>, hash: string): ValidatedApiKey | null {
    const { validated, expires_at, shut } = value;
    if (expires_at !== null && expires_at <= this.clock.now()) {
      return this.refuse("expired", hash, validated);
    }
    if (shut !== null) {
      this.refuse(shut.status, hash, validated);
      requireActive(shut, "use a key of");
    }
    this.uses.note(validated.key_id);
    return validated;
  }

  /** Every refusal is recorded; the answer tells none apart from another. */
  private refuse(reason: string, hash: string | null, key?: ValidatedApiKey): null {
    this.uses.refuse({
      reason,
      hash,
      key_id: key?.key_id ?? null,
      tenant_id: key?.tenant_id ?? null,
    });
    return null;
  }

  private async resolve(hash: string, strong: boolean): Promise<Cached<KnownKey> | undefined> {
    const load = async () => {
      const row = await this.store.credential(hash);
      return row !== undefined && isSame(row.key_hash, hash) ? known(row) : undefined;
    };
    return strong ? load() : this.cache.get(hash, load);
  }
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left, "hex"), Buffer.from(right, "hex"));
}

function known(row: KeyCredential): Cached<KnownKey> {
  const { tenant_id, rate_limit_max, rate_limit_window } = row;
  const validated = {
    tenant_id,
    key_id: row.id,
    scopes: effectiveScopes(ownOrRoleScopes(row), tenant_id),
    rate_limit_max,
    rate_limit_window,
  };
  const expires_at = row.expires_at === null ? null : Date.parse(row.expires_at);
  // The nearest: the key's owner need not know who is above.
  const shut = row.chain.findLast(({ status }) => status !== "active") ?? null;
  return {
    chain: row.chain.map(({ id }) => id),
    value: deepFreeze({ validated, expires_at, shut }),
  };
}
