import { Inject, Injectable, type OnModuleDestroy } from "@nestjs/common";
import { REFUSALS_WAITING_MAX } from "@stratum-hq/core";
import { hasProbes } from "../context/probes";
import { Clock } from "../persistence/clock";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { NOBODY, probesInContext, refusalOf, type Refusal } from "./refusal";
import { RefusalLimiter } from "./refusal-limiter";
import { RefusalStore } from "./refusal.store";

/** Completes a refusal by what takes a query. */
type Completion = () => Promise<Refusal>;
type Writing = () => Promise<void>;

/**
 * Records what was refused (docs/adr/0019). Nobody waits for it, and no answer depends on it: while one
 * row is written, further ones wait, up to a bound. What waits is written by {@link Stratum.close}, and lost
 * with a process that is killed.
 */
@Injectable()
export class RefusalRecorder implements OnModuleDestroy {
  readonly #limiter = new RefusalLimiter();
  readonly #waiting: Writing[] = [];
  #flushing: Promise<void> | null = null;

  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly store: RefusalStore,
    private readonly clock: Clock,
  ) {}

  /** Takes note of what a call was refused for the actor in context: by an error, and of probes. */
  noteCall(operation: string, error?: unknown): void {
    if (hasProbes()) {
      for (const probe of probesInContext(operation)) this.note(sourceOf(probe), probe);
    }
    const refusal = refusalOf(error, operation);
    if (refusal !== null) this.note(sourceOf(refusal), refusal);
  }

  /**
   * Takes note of one refusal.
   *
   * @param source who is counted for it, so that nobody fills the log
   * @param complete fills in what has to be looked up, when it is written
   */
  note(source: string, refusal: Refusal, complete?: (refusal: Refusal) => Promise<Refusal>): void {
    const suppressed = this.#limiter.admit(`${refusal.action} ${source}`, this.clock.monotonic());
    if (suppressed === null) return;
    const metadata = suppressed === 0 ? refusal.metadata : { ...refusal.metadata, suppressed };
    const told = { ...refusal, metadata };
    this.enqueue(suppressed + 1, () =>
      complete === undefined ? Promise.resolve(told) : complete(told),
    );
    const forgotten = this.#limiter.takeForgotten();
    if (forgotten > 0) this.enqueue(forgotten, () => Promise.resolve(suppression(forgotten)));
  }

  async onModuleDestroy(): Promise<void> {
    // What still waits in a pool that its owner has ended is never answered.
    if (this.options.pool.ending) return;
    await this.#flushing;
    const untold = this.#limiter.takeAll();
    if (untold > 0) await this.store.insert(suppression(untold)).catch(() => undefined);
  }

  private enqueue(refusals: number, complete: Completion): void {
    if (this.#waiting.length >= REFUSALS_WAITING_MAX) {
      this.#limiter.lose(refusals);
      return;
    }
    this.#waiting.push(() =>
      complete()
        .then((refusal) => this.store.insert(refusal))
        .catch(() => this.#limiter.lose(refusals)),
    );
    this.#flushing ??= this.flush();
  }

  private async flush(): Promise<void> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      await next();
    }
    // In the same breath as the last look: what is noted from here on starts anew.
    this.#flushing = null;
  }
}

function sourceOf({ actor, tenant_id, metadata }: Refusal): string {
  const tenant = tenant_id ?? metadata.actor_tenant_id ?? null;
  return JSON.stringify([tenant, actor.actor_type, actor.actor_id, actor.source_ip]);
}

function suppression(count: number): Refusal {
  return {
    action: "access.refusals_suppressed",
    actor: { ...NOBODY, actor_id: "system" },
    resource_type: "audit_log",
    resource_id: null,
    tenant_id: null,
    metadata: { suppressed: count },
  };
}
