import { ValidationError, type DryRunPlan } from "@stratum-hq/core";
import { ClsServiceManager } from "nestjs-cls";

/** What a mutation would have put on record. */
export type Recorded = Omit<DryRunPlan, "refused">;

/** Where the dry run stands in a store of CLS. */
const DRY_RUN = Symbol("stratum.dry_run");

/** Ends the method of a rehearsed mutation where its transaction would have committed: nothing goes on from there. */
class Rehearsed extends Error {}

type Effect = "reader" | "mutator" | "recorder" | "runner";

/** How the mutation of a dry run ended. */
export type Outcome =
  | { readonly recorded: Recorded }
  | { readonly error: unknown }
  /** The method came to its own end: it would have changed nothing. */
  | { readonly result: unknown };

/** One dry run under way: the calls that are made in it, and what its one mutation came to. */
export class DryRun {
  #mutation: Promise<void> | null = null;
  #recorded: Recorded | null = null;
  #outcome: Outcome | null = null;
  #misuse: ValidationError | null = null;
  #closed = false;

  /**
   * Makes a call of the facade inside. A mutator resolves to undefined where it would have changed something.
   *
   * @throws ValidationError for what a dry run does not take
   */
  async call(name: string, effect: Effect, make: () => Promise<unknown>): Promise<unknown> {
    if (effect === "reader") return make();
    const problem = this.problemOf(name, effect);
    if (problem !== null) {
      this.#misuse ??= misuse(problem);
      throw this.#misuse;
    }
    const running = this.rehearse(make);
    const settled = (): void => undefined;
    this.#mutation = running.then(settled, settled);
    return running;
  }

  /** Takes what the mutation would have put on record, and ends its method. Never returns. */
  end(recorded: Recorded): never {
    this.#recorded ??= recorded;
    throw new Rehearsed("a dry run ends here");
  }

  /**
   * Waits for the mutation, and refuses any that comes later; what it came to, null where there was none.
   *
   * @throws ValidationError where a call inside was refused as none that a dry run takes
   */
  async close(): Promise<Outcome | null> {
    await this.#mutation;
    this.#closed = true;
    if (this.#misuse !== null) throw this.#misuse;
    return this.#outcome;
  }

  private problemOf(name: string, effect: Effect): string | null {
    if (this.#closed) return `${name} was called after its end. Await every call in it`;
    if (effect !== "mutator") return `${name} is no mutation. Call it outside of dryRun`;
    if (this.#mutation === null) return null;
    return `expected one mutation in it, and ${name} is another. Give each a dryRun of its own`;
  }

  private async rehearse(make: () => Promise<unknown>): Promise<unknown> {
    try {
      const result = await make();
      this.#outcome = { result };
      return result;
    } catch (error) {
      if (this.#recorded === null) {
        this.#outcome = { error };
        throw error;
      }
      this.#outcome = { recorded: this.#recorded };
      return undefined;
    }
  }
}

/** Whether a method ended because its mutation was rehearsed. */
export function isRehearsed(error: unknown): boolean {
  return error instanceof Rehearsed;
}

/** Runs `work` in a dry run: every mutation inside, however deep, is rehearsed. */
export function runInDryRun<T>(dryRun: DryRun, work: () => T): T {
  const cls = ClsServiceManager.getClsService();
  return cls.run({ ifNested: "inherit" }, () => {
    cls.set(DRY_RUN, dryRun);
    return work();
  });
}

/** The dry run that the running code is part of; null outside of one. */
export function currentDryRun(): DryRun | null {
  const cls = ClsServiceManager.getClsService();
  return (cls.isActive() ? cls.get<DryRun | undefined>(DRY_RUN) : undefined) ?? null;
}

/** The error of a program that uses dryRun for what it is not for. */
export function misuse(message: string): ValidationError {
  return new ValidationError("dryRun", [{ path: "", message }]);
}
