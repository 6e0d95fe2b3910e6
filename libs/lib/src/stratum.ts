import type { Type } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { InternalError, StratumClosedError, StratumError } from "@stratum-hq/core";
import { currentCaller } from "./context/caller";
import {
  currentTenantContext,
  currentTenantId,
  type TenantContext,
} from "./context/tenant-context";
import { IsolationStart } from "./isolation/isolation-start";
import { OPERATIONS, type Operations } from "./operations";
import { RefusalRecorder } from "./audit/refusal-recorder";
import { hasProbes } from "./context/probes";
import type { StratumOptions } from "./stratum-options";
import { CallerStanding } from "./tenancy/caller-standing";
import { StratumServicesModule } from "./stratum-services.module";
import { validOptions } from "./valid-options";

/** Where the services of one Stratum live, and how they end. */
export interface ServiceHost {
  get<Service>(type: Type<Service>): Service;
  close(): Promise<void>;
}

type Method = (...args: unknown[]) => Promise<unknown>;
type Methods = Readonly<Record<keyof Operations, Method>>;

/**
 * Hierarchical tenants over the caller's pool: every method of {@link Operations}, each of which
 * rejects with a StratumError. The first call migrates the database and builds the services.
 *
 * @example
 * const stratum = new Stratum({ pool: new Pool() });
 * const root = await stratum.createTenant({ name: "AcmeSec" });
 */
// The methods come from OPERATIONS below; merging declares them where they are documented once.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Stratum {
  readonly #options: StratumOptions;
  #host: Promise<ServiceHost> | null = null;
  /** The services' methods, once they are built. */
  #methods: Methods | null = null;
  #refusals: RefusalRecorder | null = null;
  #standing: CallerStanding | null = null;
  #running = 0;
  #closed = false;
  /** Resolves {@link close} when the last call under way has ended. */
  #onIdle: (() => void) | null = null;

  /** @throws ValidationError naming each option that is unknown, missing or wrong */
  constructor(options: StratumOptions) {
    this.#options = validOptions(options);
  }

  /** The id of the tenant in context. @throws TenantContextMissingError outside of {@link runInTenant} */
  static currentTenantId(): string {
    return currentTenantId();
  }

  /** The tenant in context, or null outside of {@link runInTenant}. */
  static currentTenantContext(): TenantContext | null {
    return currentTenantContext();
  }

  /**
   * Migrates the database and builds the services, as the first call of any method does. May be called
   * again after a failure.
   *
   * @throws SchemaTooNewError, MigrationPrivilegeMissingError, MigrationRequiredError (autoMigrate off),
   *   MigrationFailedError, DatabaseUnavailableError, StratumClosedError; TenantRoleMissingError,
   *   TenantPoolUnsafeError and IsolationUnsoundError where there are tables of tenants' rows
   */
  async initialize(): Promise<void> {
    await this.host();
  }

  /** Waits for calls under way and refuses later ones. The pool stays the caller's, open. */
  async close(): Promise<void> {
    this.#closed = true;
    const host = await this.#host?.catch(() => null);
    if (this.#running > 0) await new Promise<void>((idle) => (this.#onIdle = idle));
    this.#host = null;
    await host?.close();
  }

  /** Builds the services; a Nest application that hosts them overrides this. */
  protected async boot(options: StratumOptions): Promise<ServiceHost> {
    const module = StratumServicesModule.forRoot(options);
    const silent = { logger: false, abortOnError: false } as const;
    const services = await NestFactory.createApplicationContext(module, silent);
    try {
      await services.get(IsolationStart).requireSound();
    } catch (error) {
      await services.close();
      throw error;
    }
    return services;
  }

  /** Calls a method of a service; {@link OPERATIONS} says which. Warm reads take a microsecond or two in all. */
  protected async invoke(name: keyof Operations, args: unknown[]): Promise<unknown> {
    this.#running += 1;
    try {
      const methods = this.#closed ? null : this.#methods;
      const method = (methods ?? (await this.bind()))[name];
      // Awaiting what is known already would cost each warm read.
      const standing = this.standing();
      if (standing !== null) await standing;
      const result = await method(...args);
      if (hasProbes()) this.#refusals?.noteCall(name);
      return result;
    } catch (error) {
      throw this.failureOf(name, error);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
    }
  }

  private failureOf(name: keyof Operations, error: unknown): unknown {
    const isRunner = OPERATIONS[name][1] === "runner";
    // What the caller's own code was refused inside is recorded there.
    this.#refusals?.noteCall(name, isRunner ? undefined : error);
    return isRunner || error instanceof StratumError ? error : new InternalError(error);
  }

  /** @throws what the caller's own tenant is shut with */
  private standing(): Promise<void> | null {
    return this.#standing?.certain(currentCaller()) ?? null;
  }

  private async bind(): Promise<Methods> {
    const host = await this.host();
    const bound = Object.entries(OPERATIONS).map(([name, [type]]) => {
      const service = host.get(type as Type<Record<string, Method>>);
      return [name, (service[name] as Method).bind(service)];
    });
    this.#refusals = host.get(RefusalRecorder);
    this.#standing = host.get(CallerStanding);
    this.#methods = Object.fromEntries(bound) as Methods;
    return this.#methods;
  }

  private async host(): Promise<ServiceHost> {
    if (this.#closed) throw new StratumClosedError();
    this.#host ??= this.boot(this.#options);
    const booting = this.#host;
    try {
      return await booting;
    } catch (error) {
      if (this.#host === booting) this.#host = null;
      throw error instanceof StratumError ? error : new InternalError(error);
    }
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type
export interface Stratum extends Operations {}

for (const name of Object.keys(OPERATIONS) as (keyof Operations)[]) {
  Object.defineProperty(Stratum.prototype, name, {
    configurable: true,
    writable: true,
    value: {
      [name](this: Stratum, ...args: unknown[]) {
        return this["invoke"](name, args);
      },
    }[name],
  });
}
