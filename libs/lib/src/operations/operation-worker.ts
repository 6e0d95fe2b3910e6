import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from "@nestjs/common";
import { AsyncLocalStorage } from "node:async_hooks";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { AttendedOperationStore } from "./attended-operation.store";
import { OperationRunner } from "./operation-runner";
import { OperationTimings } from "./operation-timings";

/** What runs in it knows neither the caller nor the tenant of the call that happened to start the timer. */
const outsideOfCalls = AsyncLocalStorage.snapshot();

/**
 * Goes on with operations whose process has died, one at a time. It looks for them every now and then; a
 * look that fails is left to the next one. The timer keeps no process alive, and nothing is asked of a
 * pool that has ended.
 */
@Injectable()
export class OperationWorker implements OnModuleInit, OnModuleDestroy {
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly runner: OperationRunner,
    private readonly attended: AttendedOperationStore,
    private readonly timings: OperationTimings,
  ) {}

  onModuleInit(): void {
    if (this.options.worker === false) return;
    outsideOfCalls(() => {
      this.#timer = setInterval(() => void this.look(), this.timings.poll).unref();
    });
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    // What still waits in a pool that its owner has ended is never answered.
    if (!this.options.pool.ending) await this.#looking;
  }

  /** Takes up what has been abandoned, until nothing is left; one look at a time. */
  look(): Promise<void> {
    if (this.options.pool.ending) clearInterval(this.#timer);
    else
      this.#looking ??= this.goOn()
        .catch(() => undefined)
        .finally(() => (this.#looking = null));
    return this.#looking ?? Promise.resolve();
  }

  private async goOn(): Promise<void> {
    await this.attended.failAbandoned(this.timings.stale);
    while (!this.#stop.signal.aborted) {
      const operation = await this.runner.takeOver(this.timings.stale);
      if (operation === undefined) return;
      // Its row says how it ended.
      await this.runner.run(operation, this.#stop.signal).catch(() => undefined);
    }
  }
}
