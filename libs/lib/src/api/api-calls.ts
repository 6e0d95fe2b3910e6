import { Inject, Injectable } from "@nestjs/common";
import { ModuleRef } from "@nestjs/core";
import { InternalError, StratumError } from "@stratum-hq/core";
import { RefusalRecorder } from "../audit/refusal-recorder";
import { currentCaller } from "../context/caller";
import { currentDryRun, isRehearsed } from "../context/dry-run";
import { hasProbes } from "../context/probes";
import { CallerStanding } from "../tenancy/caller-standing";
import { METHODS, requireScopesOf, type MethodName } from "./required-scopes";
import { SERVICES, type Services } from "./services";

type Method = (...args: readonly unknown[]) => unknown;

/**
 * The one way to a service for whoever calls Stratum, through the facade or through a feature's own token: it holds the
 * caller to the method's scopes, takes note of what is refused, and lets nothing but StratumErrors out.
 */
@Injectable()
export class ApiCalls {
  readonly #methods = new Map<MethodName, Method>();

  constructor(
    @Inject(SERVICES) private readonly services: Services,
    private readonly modules: ModuleRef,
    private readonly refusals: RefusalRecorder,
    private readonly standing: CallerStanding,
  ) {}

  /** Warm reads take a microsecond or two in all. */
  call(name: MethodName, args: readonly unknown[]): Promise<unknown> {
    const dryRun = currentDryRun();
    if (dryRun === null) return this.make(name, args);
    return dryRun.call(name, METHODS[name].effect, () => this.make(name, args));
  }

  private async make(name: MethodName, args: readonly unknown[]): Promise<unknown> {
    this.requireScopes(name, args);
    try {
      // Awaiting what is known already would cost each warm read.
      const standing = this.standingFor(name);
      if (standing !== null) await standing;
      const result = await this.method(name)(...args);
      if (hasProbes()) this.refusals.noteCall(name);
      return result;
    } catch (error) {
      if (isRehearsed(error)) throw error;
      const isRunner = METHODS[name].effect === "runner";
      // What the caller's own code was refused inside is recorded there.
      this.refusals.noteCall(name, isRunner ? undefined : error);
      if (error instanceof StratumError || isRunner) throw error;
      throw new InternalError(error);
    }
  }

  /** @throws what the tenant that the caller is bound to is shut with */
  private standingFor(name: MethodName): Promise<void> | null {
    return "checkedInUse" in METHODS[name] ? null : this.standing.certain(currentCaller());
  }

  private requireScopes(name: MethodName, args: readonly unknown[]): void {
    try {
      requireScopesOf(name, args);
    } catch (error) {
      this.refusals.noteCall(name, error);
      throw error;
    }
  }

  private method(name: MethodName): Method {
    let method = this.#methods.get(name);
    if (method === undefined) {
      const service = this.modules.get<Record<MethodName, Method>>(this.services[name], {
        strict: false,
      });
      method = service[name].bind(service);
      this.#methods.set(name, method);
    }
    return method;
  }
}
