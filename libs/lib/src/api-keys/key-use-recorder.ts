import { Inject, Injectable, type OnModuleDestroy } from "@nestjs/common";
import { LAST_USED_INTERVAL_MS } from "@stratum-hq/core";
import { LRUCache } from "lru-cache";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { NOBODY, type Refusal } from "../audit/refusal";
import { callerInContext } from "../context/caller";
import { Clock } from "../persistence/clock";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ApiKeyStore } from "./api-key.store";

/** Keys whose last use is remembered; the database's own condition holds for the others. */
const MAX_REMEMBERED = 10_000;

/** Characters of a key's HMAC by which attempts with the same text are known again. */
const FINGERPRINT_LENGTH = 12;

/** A key that was not accepted. */
export interface RefusedKey {
  /** `malformed`, `unknown`, `expired`, or the status of the tenant that is shut. */
  readonly reason: string;
  /** Its HMAC; null where the text has not the form of a key. */
  readonly hash: string | null;
  readonly key_id: string | null;
  readonly tenant_id: string | null;
}

/**
 * Records that keys were refused, and advances `last_used_at`, at most once a minute for each key. Nobody waits for it: while one update is
 * under way, further keys gather for the next. An update that fails is not tried again before the
 * key's next minute, so that a login without the right to it does not pay at every request.
 */
@Injectable()
export class KeyUseRecorder implements OnModuleDestroy {
  readonly #notedAt = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  readonly #gathered = new Set<string>();
  #flushing: Promise<void> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
    private readonly refusals: RefusalRecorder,
  ) {}

  /**
   * Takes note of a key that was not accepted. It stands in the log of the key's tenant; of a text that is
   * nobody's key, in the platform's. What was tried stands nowhere, but for a fingerprint.
   */
  refuse({ reason, hash, key_id, tenant_id }: RefusedKey): void {
    const { source_ip, request_id } = callerInContext() ?? NOBODY;
    const fingerprint = hash?.slice(0, FINGERPRINT_LENGTH) ?? null;
    const refusal: Refusal = {
      action: "access.authentication_failed",
      actor: { actor_id: key_id ?? NOBODY.actor_id, actor_type: "api_key", source_ip, request_id },
      resource_type: "api_key",
      resource_id: key_id,
      tenant_id,
      metadata: { reason, fingerprint },
    };
    const source = key_id ?? source_ip ?? fingerprint ?? "nowhere";
    this.refusals.note(source, refusal, async (told) =>
      hash === null || key_id !== null ? told : this.withOwner(told, hash),
    );
  }

  /** Takes note that a key was used just now. */
  note(keyId: string): void {
    const now = this.clock.monotonic();
    const last = this.#notedAt.get(keyId);
    if (last !== undefined && now - last < LAST_USED_INTERVAL_MS) return;
    this.#notedAt.set(keyId, now);
    this.#gathered.add(keyId);
    this.#flushing ??= this.flush();
  }

  async onModuleDestroy(): Promise<void> {
    // What still waits in a pool that its owner has ended is never answered.
    if (!this.options.pool.ending) await this.#flushing;
  }

  /** A key that validation does not know may be one that was revoked: whose, that one should learn. */
  private async withOwner(refusal: Refusal, hash: string): Promise<Refusal> {
    const key = await this.store.findByHash(hash);
    if (key === undefined) return refusal;
    const reason = key.revoked_at === null ? refusal.metadata.reason : "revoked";
    return {
      ...refusal,
      actor: { ...refusal.actor, actor_id: key.id },
      resource_id: key.id,
      tenant_id: key.tenant_id,
      metadata: { ...refusal.metadata, ...(reason === undefined ? {} : { reason }) },
    };
  }

  private async flush(): Promise<void> {
    while (this.#gathered.size > 0) {
      const ids = [...this.#gathered];
      this.#gathered.clear();
      await this.store.touch(ids, LAST_USED_INTERVAL_MS).catch(() => undefined);
    }
    // In the same breath as the last look: what is noted from here on starts anew.
    this.#flushing = null;
  }
}
