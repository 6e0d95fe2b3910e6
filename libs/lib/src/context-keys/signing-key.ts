import { Injectable } from "@nestjs/common";
import { DatabaseUnavailableError } from "@stratum-hq/core";
import { ContextSigner } from "@stratum-hq/db-adapters";
import type { ClientBase } from "pg";
import { Clock } from "../persistence/clock";
import { Database } from "../persistence/database";
import { sqlOver, type Sql } from "../persistence/sql";
import type { KeptKey } from "./context-key-secrets";
import { ContextKeys } from "./context-keys";
import { SigningTimings } from "./signing-timings";

/** Looks that a signature waits for, where each takes longer than it may be trusted. */
const MAX_LOOKS = 3;

/**
 * The one signer of this process, and the certainty that its key is current: the key that a rotation replaces
 * is accepted for longer than what is known of it is trusted, so that nothing is signed with one that is
 * retired. There is no timer: who is about to sign looks, where the last look is too old.
 */
@Injectable()
export class SigningKey {
  #signer: ContextSigner | null = null;
  #known: KeptKey | null = null;
  #isFixed = false;
  /** When the last look began, by both clocks: one stands still while a machine sleeps, the other may be set. */
  #lookedAt = { monotonic: Number.NEGATIVE_INFINITY, now: Number.NEGATIVE_INFINITY };
  #looking: Promise<void> | null = null;

  constructor(
    private readonly keys: ContextKeys,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly timings: SigningTimings,
  ) {}

  /** The signer, with a key that is current. @throws ValidationError, DecryptionFailedError, DatabaseError */
  async signer(): Promise<ContextSigner> {
    if (this.#signer === null || !this.isRecent()) await this.renew();
    return this.#signer as ContextSigner;
  }

  /** Whether nobody has to look before signing, with a key of this id where it matters which. */
  isCertain(keyId?: string): boolean {
    if (keyId !== undefined && keyId !== this.#signer?.keyId) return false;
    return this.isYounger(this.timings.maxAge);
  }

  /** Whether nobody has to look before asking for a connection, which takes a while to get. */
  isRecent(): boolean {
    return this.isYounger(this.timings.maxAge / 2);
  }

  /** Looks, once for all who ask meanwhile. Takes a connection of the pool. */
  async renew(): Promise<void> {
    this.#looking ??= this.look(this.database).finally(() => (this.#looking = null));
    await this.#looking;
  }

  /** Looks over a connection that the caller has: nobody waits for a second one, which may not come. */
  async renewOver(client: ClientBase): Promise<void> {
    await this.look(sqlOver(client));
  }

  private isYounger(age: number): boolean {
    if (this.#isFixed) return true;
    const { monotonic, now } = this.#lookedAt;
    return this.clock.monotonic() - monotonic <= age && Math.abs(this.clock.now() - now) <= age;
  }

  private async look(sql: Sql): Promise<void> {
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const at = { monotonic: this.clock.monotonic(), now: this.clock.now() };
      const kept = await this.keys.look(sql, this.#known);
      this.adopt(kept, at);
      if (this.isCertain()) return;
    }
    throw new DatabaseUnavailableError(new Error("looks at the signing key take too long"));
  }

  /** Of looks that overlap, the one that began last counts. */
  private adopt(kept: KeptKey, at: { monotonic: number; now: number }): void {
    if (at.monotonic < this.#lookedAt.monotonic) return;
    this.#lookedAt = at;
    this.#known = kept;
    this.#isFixed = this.keys.configured !== null;
    if (this.#signer === null) this.#signer = new ContextSigner(kept.key);
    else this.#signer.use(kept.key);
  }
}
