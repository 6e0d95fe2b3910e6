import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from "@nestjs/common";
import { CONSENT_EXPIRY_POLL_MS } from "@stratum-hq/core";
import { AsyncLocalStorage } from "node:async_hooks";
import { currentCaller } from "../context/caller";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { CONSENT_EXPIRED } from "./consent-records";
import { ConsentStore } from "./consent.store";

/** Consents whose expiry one transaction records. */
const BATCH = 1000;

/** What runs in it knows neither the caller nor the tenant of the call that happened to start the timer. */
const outsideOfCalls = AsyncLocalStorage.snapshot();

/**
 * Puts on record that consents have expired, each once, whatever else becomes of them. A look that fails
 * is left to the next one. The timer keeps no process alive, and nothing is asked of a pool that has ended.
 */
@Injectable()
export class ConsentExpiryWorker implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly database: Database,
    private readonly store: ConsentStore,
    private readonly log: MutationLog,
  ) {}

  onModuleInit(): void {
    if (this.options.worker === false) return;
    outsideOfCalls(() => {
      this.#timer = setInterval(() => void this.look(), CONSENT_EXPIRY_POLL_MS).unref();
    });
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    // What still waits in a pool that its owner has ended is never answered.
    if (!this.options.pool.ending) await this.#looking;
  }

  /** Records what has expired, until nothing is left; one look at a time. */
  look(): Promise<void> {
    if (this.options.pool.ending) clearInterval(this.#timer);
    else
      this.#looking ??= this.record()
        .catch(() => undefined)
        .finally(() => (this.#looking = null));
    return this.#looking ?? Promise.resolve();
  }

  private async record(): Promise<void> {
    const expiry = { ...this.store.expire(BATCH), action: CONSENT_EXPIRED, event: null };
    let recorded: number;
    do {
      recorded = await this.database.transaction(async (tx) =>
        this.log.recordBulk(tx, currentCaller(), expiry),
      );
    } while (recorded === BATCH);
  }
}
